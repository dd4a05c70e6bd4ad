package dev.caravan.cloud.demo;

import dev.caravan.cloud.cluster.LocalCluster;
import dev.caravan.cloud.cluster.LocalClusterSettings;
import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The whole cloud of the demo: S3 with a lake and the jobs' code, the Yandex API, and a stopped
 * cluster that can really start.
 */
final class LocalCloud {

  static final String CLUSTER = "c9qlocalcluster00000";
  static final String LAKE = "lake";
  static final String CODE = "code";
  static final String JOBS_JAR = "caravan-spark-jobs.jar";

  private final S3Server s3;
  private final LocalCluster cluster;
  private final YandexEmulator yandex;
  private final Path directory;

  private LocalCloud(S3Server s3, LocalCluster cluster, YandexEmulator yandex, Path directory) {
    this.s3 = s3;
    this.cluster = cluster;
    this.yandex = yandex;
    this.directory = directory;
  }

  /**
   * Starts everything but the cluster; what was started is left to the closer, also on a failure.
   */
  static LocalCloud start(
      Artifacts artifacts,
      Map<String, String> sparkConf,
      Path directory,
      DemoOutput progress,
      CloseStack closer)
      throws IOException, InterruptedException {
    progress.say("starting the local S3 ...");
    Path s3Directory = Files.createDirectories(directory.resolve("s3"));
    S3Server s3 = closer.add(S3Server.start(artifacts.s3Home, s3Directory));
    s3.createBucket(LAKE);
    s3.createBucket(CODE);
    progress.say("starting the local Yandex API ...");
    LocalCluster cluster =
        closer.add(
            new LocalCluster(
                new LocalClusterSettings(
                    artifacts.endpointJar,
                    artifacts.sparkHome,
                    directory.resolve("cluster"),
                    s3.access(),
                    List.of("s3a://" + CODE + "/"),
                    Map.of("endpoint.logs-to", "s3://" + LAKE + "/logs"),
                    sparkConf)));
    YandexEmulator yandex =
        closer.add(
            YandexEmulator.builder(directory.resolve("yandex"))
                .cluster(CLUSTER)
                .startTakes(Duration.ofSeconds(3))
                .healthTakes(Duration.ofMillis(500))
                .stopTakes(Duration.ofSeconds(1))
                .body(cluster)
                .build());
    return new LocalCloud(s3, cluster, yandex, directory);
  }

  /**
   * Puts the events, the cities and the jobs' jar into S3.
   *
   * @param raw whether the events are put there raw, for the events layer to be made of them
   */
  void fill(SampleEvents sample, boolean raw, Path jobsJar, DemoOutput progress)
      throws IOException {
    progress.say(
        "writing %,d sample events%s of %d days until %s into S3 ..."
            .formatted(sample.rows(), raw ? ", raw," : "", sample.days(), sample.lastDay()));
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    SampleEvents.Written written =
        raw
            ? sample.writeRawEvents(s3.client(), LAKE, "raw", scratch)
            : sample.writeEvents(s3.client(), LAKE, "events", scratch);
    SampleEvents.writeCities(s3.client(), LAKE, "cities", scratch);
    progress.say(
        "wrote %,d events in %d files, %.1f MB, and 24 cities"
            .formatted(written.rows(), written.files(), written.bytes() / 1e6));
    s3.client().putObject(put -> put.bucket(CODE).key(JOBS_JAR), RequestBody.fromFile(jobsJar));
  }

  S3Server s3() {
    return s3;
  }

  LocalCluster cluster() {
    return cluster;
  }

  YandexEmulator yandex() {
    return yandex;
  }
}
