package dev.caravan.cloud.demo;

import dev.caravan.cloud.cluster.LocalCluster;
import dev.caravan.cloud.cluster.LocalClusterSettings;
import dev.caravan.cloud.events.SampleEvents;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * The whole cloud of the demo: S3 with a lake and the jobs' code, the Yandex API, and a stopped
 * cluster that can really start.
 */
public final class LocalCloud {

  static final String CLUSTER = "c9qlocalcluster00000";
  static final String LAKE = "lake";
  static final String JARS = "jars/";
  static final String JOBS_JAR = "caravan-spark-jobs.jar";

  private static final Duration STOP_BOUND = Duration.ofSeconds(30);

  private final S3Server s3;
  private final LocalCluster cluster;
  private final YandexEmulator yandex;

  private LocalCloud(S3Server s3, LocalCluster cluster, YandexEmulator yandex) {
    this.s3 = s3;
    this.cluster = cluster;
    this.yandex = yandex;
  }

  /**
   * Starts everything but the cluster, and puts the events, the cities and the jobs' jar into S3;
   * events are made while S3 and the API start. What was started is left to the closer, also on a
   * failure.
   *
   * @param raw whether the events are put there raw, for the events layer to be made of them
   */
  public static LocalCloud start(
      Artifacts artifacts,
      Map<String, String> sparkConf,
      Path directory,
      SampleEvents sample,
      boolean raw,
      DemoOutput progress,
      CloseStack closer)
      throws IOException {
    progress.say(
        "starting the local S3 and the local Yandex API; writing %,d sample events%s of %d days until %s into S3 ..."
            .formatted(sample.rows(), raw ? ", raw," : "", sample.days(), sample.lastDay()));
    CompletableFuture<S3Server> s3 =
        CompletableFuture.supplyAsync(() -> storage(artifacts, directory, closer));
    CompletableFuture<LocalCloud> cloud =
        s3.thenApplyAsync(started -> around(started, artifacts, sparkConf, directory, closer));
    try {
      fill(s3.thenApply(S3Server::client), sample, raw, artifacts.jobsJar, directory, progress);
      return cloud.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the local cloud can't be started: " + e.getCause(), e);
    }
  }

  private static S3Server storage(Artifacts artifacts, Path directory, CloseStack closer) {
    try {
      Path own = Files.createDirectories(directory.resolve("s3"));
      S3Server s3 = closer.add(S3Server.start(artifacts.s3Home, own));
      s3.createBucket(LAKE);
      return s3;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static LocalCloud around(
      S3Server s3,
      Artifacts artifacts,
      Map<String, String> sparkConf,
      Path directory,
      CloseStack closer) {
    Path eventLogs = created(directory.resolve("event-logs"));
    LocalCluster cluster =
        closer.add(
            new LocalCluster(
                new LocalClusterSettings(
                    artifacts.endpointJar,
                    artifacts.sparkHome,
                    directory.resolve("cluster"),
                    s3.access(),
                    List.of("s3a://" + LAKE + "/" + JARS),
                    Map.of(
                        "endpoint.logs-to",
                        "s3://" + LAKE + "/logs",
                        // For the stages in traces.
                        "endpoint.forced-conf.spark.eventLog.enabled",
                        "true",
                        "endpoint.forced-conf.spark.eventLog.dir",
                        "file:" + eventLogs.toAbsolutePath()),
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
    closer.add(() -> awaitStop(yandex));
    return new LocalCloud(s3, cluster, yandex);
  }

  /**
   * An orchestrator that is told to end asks for the stop and does not await it: that it comes true
   * is the cloud's business, which lives for so long here.
   */
  private static void awaitStop(YandexEmulator yandex) {
    long deadline = System.nanoTime() + STOP_BOUND.toNanos();
    try {
      while (yandex.status() == Cluster.Status.STOPPING && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Path created(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(
      CompletableFuture<S3Client> s3,
      SampleEvents sample,
      boolean raw,
      Path jobsJar,
      Path directory,
      DemoOutput progress)
      throws IOException {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    SampleEvents.Written written =
        raw
            ? sample.writeRawEvents(s3, LAKE, "raw", scratch)
            : sample.writeEvents(s3, LAKE, "events", scratch);
    SampleEvents.writeCities(s3, LAKE, "cities", scratch);
    s3.join()
        .putObject(put -> put.bucket(LAKE).key(JARS + JOBS_JAR), RequestBody.fromFile(jobsJar));
    progress.say(
        "wrote %,d events in %d files, %.1f MB, 24 cities and the jobs' jar"
            .formatted(written.rows(), written.files(), written.bytes() / 1e6));
  }

  public S3Server s3() {
    return s3;
  }

  LocalCluster cluster() {
    return cluster;
  }

  public YandexEmulator yandex() {
    return yandex;
  }
}
