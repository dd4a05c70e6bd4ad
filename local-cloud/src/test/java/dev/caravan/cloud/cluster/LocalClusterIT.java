package dev.caravan.cloud.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.TestJar;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster.Status;
import yandex.cloud.api.dataproc.v1.Common.Health;

class LocalClusterIT {

  private static final S3Access S3 =
      new S3Access(URI.create("http://127.0.0.1:1"), "us-east-1", "the-key-id", "the-secret");

  @TempDir Path directory;

  private LocalCluster cluster(Map<String, String> keys) throws Exception {
    Path jar = TestJar.of(FakeEndpoint.class, directory.resolve("endpoint.jar"));
    return new LocalCluster(
        new LocalClusterSettings(
            jar,
            Path.of("spark-home/target/spark-home"),
            directory.resolve("cluster"),
            S3,
            List.of("s3a://code/"),
            keys,
            Map.of("spark.driver.memory", "700m")));
  }

  private long batch() throws Exception {
    return FakeEndpoint.batch(directory.resolve("cluster/endpoint-data"));
  }

  @Test
  void theEmulatedCloudStartsAndStopsTheRealProcess() throws Exception {
    try (LocalCluster cluster = cluster(Map.of());
        YandexEmulator cloud =
            YandexEmulator.builder(directory.resolve("cloud"))
                .cluster("c9qlocal")
                .body(cluster)
                .build()) {
      assertThat(cluster.alive()).isFalse();
      cloud.script().startedBySomebody();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cloud.timeline().get(cloud.timeline().size() - 1).health() == Health.ALIVE);
      assertThat(cluster.alive()).isTrue();
      ProcessHandle batch = ProcessHandle.of(batch()).orElseThrow();

      cloud.script().stoppedBySomebody();
      await().atMost(Duration.ofSeconds(30)).until(() -> cloud.status() == Status.STOPPED);
      assertThat(cluster.alive()).isFalse();
      assertThat(batch.isAlive()).isFalse();

      cloud.script().startedBySomebody();
      await().atMost(Duration.ofSeconds(30)).until(() -> cloud.status() == Status.RUNNING);
      assertThat(cluster.alive()).isTrue();
    }
    assertThat(ProcessHandle.of(batch()).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void secretsAreInPrivateFilesOnly() throws Exception {
    try (LocalCluster cluster = cluster(Map.of())) {
      cluster.start();
      Path defaults = directory.resolve("cluster/spark-conf/spark-defaults.conf");
      assertThat(Files.readAllLines(defaults))
          .contains(
              "spark.hadoop.fs.s3a.secret.key the-secret",
              "spark.hadoop.fs.s3a.endpoint http://127.0.0.1:1",
              "spark.driver.memory 700m");
      for (String file :
          List.of(
              "spark-conf/spark-defaults.conf",
              "endpoint.properties",
              "endpoint-credentials.properties")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve("cluster").resolve(file))))
            .as(file)
            .isEqualTo("rw-------");
      }
      assertThat(
              ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
          .noneMatch(line -> line.contains("the-secret") || line.contains(cluster.bearerToken()));
    }
  }

  @Test
  void anEndpointThatRefusesToStartIsQuoted() throws Exception {
    try (LocalCluster cluster = cluster(Map.of("endpoint.refuse", "yes"))) {
      assertThatThrownBy(cluster::start)
          .hasMessageContaining("the cluster endpoint ended with exit code 2")
          .hasMessageContaining("endpoint.refuse is not a known key");
    }
  }
}
