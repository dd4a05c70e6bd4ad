package dev.caravan.cloud.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.cloud.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.core.sync.RequestBody;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * The local cloud with a server that stays up: two pipelines with a week of history, which the
 * server's own routes made with a stand-in for Spark. What is run afterwards runs on Spark.
 */
final class Playground {
  private static final String NIGHTLY = "datamarts";
  private static final String FREQUENT = "demographics";
  private static final int WEEK = 7;

  /** This many days before the last date, the events came late. */
  private static final int FAILED_DAYS_BEFORE = 2;

  private static final Duration HISTORY_BOUND = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String FREQUENT_JOBS =
      """
      cluster: main
      jobs:
        demographics:
          file: s3a://lake/jars/caravan-spark-jobs.jar
          class: dev.caravan.jobs.Main
          args: [users-demographic-dm, --date, "{dates}", --depth, "7", --src, s3a://lake/events, --coords, s3a://lake/cities, --tgt, s3a://lake/demographics]
          together: 7
          timeout: 10m
          outputs:
            - { at: "s3://lake/demographics/users-demographic-dm/date={date}/", columns: [user_id, act_city] }
      """;
  private static final String FREQUENT_SCHEDULE =
      """
      # Every two minutes it is looked whether yesterday's date is still to be done: one that has failed is tried again, one that has succeeded is done.
      schedule: { every: 2m, date: yesterday }
      """;

  /**
   * What its user brings along.
   *
   * @param pipeline a pipeline's file
   * @param jar goes to {@code s3a://lake/jars/} under its own name
   */
  record Own(Optional<Path> pipeline, Optional<Path> jar) {
    String name() {
      return pipeline.orElseThrow().getFileName().toString().replaceFirst("\\.yaml$", "");
    }
  }

  private final LocalCloud cloud;
  private final Artifacts artifacts;
  private final Path directory;
  private final LocalDate last;
  private final Own own;
  private final DemoOutput progress;
  private final CloseStack closer;

  /**
   * @param last the last date with events
   */
  Playground(
      LocalCloud cloud,
      Artifacts artifacts,
      Path directory,
      LocalDate last,
      Own own,
      DemoOutput progress,
      CloseStack closer) {
    this.cloud = cloud;
    this.artifacts = artifacts;
    this.directory = directory;
    this.last = last;
    this.own = own;
    this.progress = progress;
    this.closer = closer;
  }

  /** Sets it up, says what to try, and returns when it has been closed. */
  void stay() throws IOException, InterruptedException {
    Path settings = settings();
    takeOwn();
    LocalCluster cluster = cloud.cluster();
    cluster.set("endpoint.spark-submit", historySubmit().toString());
    progress.say("starting the server ...");
    PlaygroundServer server =
        PlaygroundServer.start(artifacts.orchestratorJar, settings, progress, closer);
    progress.say("making a week of history ...");
    makeHistory(server);
    cluster.set(
        "endpoint.spark-submit", artifacts.sparkHome.resolve("bin/spark-submit").toString());
    write(FREQUENT, FREQUENT_SCHEDULE + FREQUENT_JOBS);
    if (own.pipeline().isPresent()) {
      server.post("runs", Map.of("pipeline", own.name(), "date", last.toString()));
      progress.say("queued a run of " + own.name() + " for " + last);
    }
    linkLauncher();
    progress.show(
        PlaygroundText.of(directory, server.address(), cloud.s3().access().endpoint(), own));
    server.keepUp();
  }

  private Path settings() throws IOException {
    DemoPipeline nightly = DemoPipeline.shipped(artifacts);
    Path settings = OrchestratorSettings.writePlayground(cloud, directory, nightly);
    // Without its schedule as long as the history is made.
    write(FREQUENT, FREQUENT_JOBS);
    return settings;
  }

  /** In one step: the server takes a file up as soon as it sees it. */
  private void write(String pipeline, String text) throws IOException {
    Path file = directory.resolve("pipelines").resolve(pipeline + ".yaml");
    Path fresh = Files.writeString(directory.resolve(pipeline + ".new"), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void takeOwn() throws IOException {
    if (own.pipeline().isPresent()) {
      Files.copy(
          own.pipeline().get(),
          directory.resolve("pipelines").resolve(own.name() + ".yaml"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    own.jar()
        .ifPresent(
            jar ->
                cloud
                    .s3()
                    .client()
                    .putObject(
                        put -> put.bucket(LocalCloud.LAKE).key(LocalCloud.JARS + jar.getFileName()),
                        RequestBody.fromFile(jar)));
  }

  private Path historySubmit() throws IOException {
    Path rows = directory.resolve("history");
    LocalDate failed = last.minusDays(FAILED_DAYS_BEFORE);
    for (int day = 0; day < WEEK; day++) {
      LocalDate date = last.minusDays(day);
      if (!date.equals(failed)) {
        HistoryRows.write(rows, date);
      }
    }
    return HistorySubmit.program(directory, rows, cloud.s3().access().endpoint());
  }

  /** On one start of the cluster. The frequent one's last date is left to its schedule. */
  private void makeHistory(PlaygroundServer server) throws InterruptedException {
    LocalDate first = last.minusDays(WEEK - 1L);
    LocalDate failed = last.minusDays(FAILED_DAYS_BEFORE);
    backfill(server, NIGHTLY, first, last);
    backfill(server, FREQUENT, first, failed.minusDays(1));
    backfill(server, FREQUENT, failed.plusDays(1), last.minusDays(1));
    long deadline = System.nanoTime() + HISTORY_BOUND.toNanos();
    while (!isMade(server)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the history was not made within "
                + HISTORY_BOUND.toMinutes()
                + " minutes; see "
                + server.log());
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
  }

  private static void backfill(
      PlaygroundServer server, String pipeline, LocalDate from, LocalDate to)
      throws InterruptedException {
    server.post(
        "backfills", Map.of("pipeline", pipeline, "from", from.toString(), "to", to.toString()));
  }

  private boolean isMade(PlaygroundServer server) throws InterruptedException {
    JsonNode backfills = server.get("backfills").path("items");
    List<String> states =
        StreamSupport.stream(backfills.spliterator(), false)
            .map(each -> each.path("state").asText())
            .toList();
    if (states.contains("HELD") || states.contains("CANCELLED")) {
      throw new IllegalStateException("the history can't be made: " + backfills);
    }
    return states.stream().noneMatch(state -> state.equals("RUNNING"))
        && cloud.yandex().status() == Cluster.Status.STOPPED
        && !server.get("clusters/main").path("stopOwed").asBoolean();
  }

  /** The launcher of this checkout, so that commands are as short here as there. */
  private void linkLauncher() throws IOException {
    Path launcher = artifacts.launcher();
    if (Files.isExecutable(launcher)) {
      Files.createSymbolicLink(directory.resolve("caravan"), launcher);
    }
  }
}
