package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.cluster.LocalCluster;
import dev.caravan.cloud.cluster.LocalClusterSettings;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import io.grpc.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * The packaged endpoint stops its own cluster at the emulated cloud, over TLS, as the account of
 * its machine; no orchestrator is there.
 */
class LeaseIT {
  private static final String CLUSTER = "c9qleased";
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Path JAR = Path.of("target/caravan-cluster-endpoint.jar");

  @TempDir Path directory;
  private YandexEmulator cloud;
  private LocalCluster cluster;

  @BeforeEach
  void create() throws Exception {
    Path home = Files.createDirectories(directory.resolve("spark-home/bin"));
    FakeSubmit submit = new FakeSubmit(home);
    assertThat(submit.path()).isExecutable();
    cluster =
        new LocalCluster(
            new LocalClusterSettings(
                JAR,
                home.getParent(),
                directory.resolve("cluster"),
                new S3Access(URI.create("http://127.0.0.1:9"), "ru-central1", "key", "secret"),
                List.of("s3a://code/"),
                Map.of(
                    "endpoint.lease-grace", "1s",
                    "endpoint.lease-first", "5s",
                    "endpoint.kill-grace", "300ms"),
                Map.of()));
    cloud =
        YandexEmulator.builder(Files.createDirectories(directory.resolve("cloud")))
            .cluster(CLUSTER)
            .startTakes(Duration.ofMillis(50))
            .healthTakes(Duration.ofMillis(50))
            .stopTakes(Duration.ofMillis(100))
            .body(cluster)
            .build();
    cluster.stopsItself(cloud, CLUSTER);
  }

  @AfterEach
  void close() {
    cloud.close();
    cluster.close();
  }

  private void start() {
    cloud.script().startedBySomebody();
    awaitStatus(Cluster.Status.RUNNING);
    await().atMost(PATIENCE).until(cluster::alive);
  }

  private void awaitStatus(Cluster.Status status) {
    await().atMost(PATIENCE).until(() -> cloud.status() == status);
  }

  private Client client() {
    return new Client(cluster.uri().getPort(), "Bearer " + cluster.bearerToken());
  }

  private void renew(int seconds) {
    Reply reply = client().send("PUT", "/lease", "{\"run\":\"r\",\"ttlSeconds\":" + seconds + "}");
    assertThat(reply.status()).isEqualTo(200);
  }

  private int stops() {
    return cloud.calls(Rpc.STOP_CLUSTER).size();
  }

  @Test
  void clusterThatNobodyEverLeasedIsStopped() {
    start();

    awaitStatus(Cluster.Status.STOPPED);
    assertThat(stops()).isEqualTo(1);
  }

  /** An orchestrator that comes back now must not take the cluster for a ready one. */
  @Test
  void noWorkIsTakenOnceTheCloudHasAcceptedTheStop() {
    start();
    // The machine lives on meanwhile.
    cloud
        .script()
        .failNextOperation(
            OperationFailure.of(Status.Code.INTERNAL, "no").after(Duration.ofMinutes(1)));
    await().atMost(PATIENCE).until(() -> cloud.status() == Cluster.Status.STOPPING);
    // The cloud's answer is on its way to the endpoint.
    await()
        .atMost(PATIENCE)
        .until(
            () -> client().get("/health").json().path("stopping").asText(), "lease-lapsed"::equals);
    renew(600);

    Reply health = client().get("/health");
    assertThat(health.status()).isEqualTo(503);
    assertThat(health.json().path("msg").asText())
        .isEqualTo(
            "This cluster is being stopped, since no run has renewed its lease and nothing runs on it (endpoint.lease-grace).");
    Reply submitted = client().post(Client.body("stay"));
    assertThat(submitted.status()).isEqualTo(503);
    assertThat(submitted.json().path("msg").asText()).contains("is being stopped");
  }

  @Test
  void whatRunsIsWaitedForAndThenTheClusterIsStopped() {
    start();
    renew(600);
    String batch = client().submit("await " + directory.resolve("go"));
    client().awaitState(batch, "running");
    renew(1);
    await().atMost(PATIENCE).until(() -> client().get("/lease").json().path("lapsed").asBoolean());
    // Longer than the grace time, by the endpoint's own clock.
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> stops() == 0);

    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(Files.writeString(directory.resolve("go"), "")));

    awaitStatus(Cluster.Status.STOPPED);
  }

  @Test
  void leaseOutlivesAKillOfTheEndpointAndKeepsTheClusterRunning() {
    start();
    renew(600);
    cluster.killEndpoint();
    await().atMost(PATIENCE).until(cluster::alive);
    assertThat(client().get("/lease").json().path("lapsed").asBoolean()).isFalse();
    await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> stops() == 0);

    renew(1);
    awaitStatus(Cluster.Status.STOPPED);
  }

  @Test
  void refusalsAreTriedAgainUntilTheCloudTakesTheStop() {
    start();
    cloud
        .script()
        .fail(Rpc.STOP_CLUSTER, Status.UNAVAILABLE.withDescription("busy"), 1)
        .fail(Rpc.STOP_CLUSTER, Status.PERMISSION_DENIED.withDescription("no"), 1)
        .fail(Rpc.STOP_CLUSTER, Status.FAILED_PRECONDITION.withDescription("not now"), 1);
    cloud.script().revokeTokens();

    awaitStatus(Cluster.Status.STOPPED);

    assertThat(stops()).isEqualTo(4);
  }

  @Test
  void greatestAgeEndsWhatRuns() throws Exception {
    cluster.set("endpoint.max-age", "10s");
    start();
    renew(600);
    String batch = client().submit("stay");
    client().awaitState(batch, "running");

    awaitStatus(Cluster.Status.STOPPED);

    // Its lease was good for ten minutes: nothing but the age stops a leased cluster.
    Path outcome =
        directory.resolve("cluster/endpoint-data/batches/%06d".formatted(Integer.valueOf(batch)));
    assertThat(outcome.resolve("outcome.json")).content().contains("KILLED");
  }
}
