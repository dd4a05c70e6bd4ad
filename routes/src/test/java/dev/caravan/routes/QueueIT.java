package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.StatusChange;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.processors.journal.RunState;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * The journal as the queue, with the shipped routes: what is due is run, once, on shared starts.
 */
class QueueIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final String CLUSTER = "main";

  @TempDir Path directory;
  private LocalWorld world;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private ChildProcess backfill(String... more) throws IOException {
    return world.start(
        Stream.concat(Stream.of("backfill"), Stream.of(more)).toArray(String[]::new));
  }

  private ChildProcess backfillOfThree(String... more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("--from", FIRST.toString(), "--to", FIRST.plusDays(2).toString()));
    words.addAll(List.of(more));
    return backfill(words.toArray(String[]::new));
  }

  private void assertOneStartAndStop() {
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
  }

  @Test
  void backfillShowsItsPlanAndRunsItsDatesOnOneStart() throws Exception {
    world.job("mart", "fails-on " + FIRST.plusDays(1) + " {date}");
    ChildProcess dry = backfillOfThree("--dry-run");
    assertThat(dry.exitCode(PATIENCE)).as(dry.log()).contains(0);
    assertThat(dry.log()).contains("2026-01-03  yes", "3 of 3 dates run");
    assertThat(world.starts()).isZero();

    ChildProcess first = backfillOfThree();

    assertThat(first.exitCode(PATIENCE)).as(first.log()).contains(1);
    assertOneStartAndStop();
    assertThat(world.jobsStarted()).isEqualTo(3);
    assertThat(first.log()).contains("2026-01-03        1  FAILED", "cluster: STOPPED");

    world.job("mart", "exit 0");
    ChildProcess second = backfillOfThree();

    assertThat(second.exitCode(PATIENCE)).as(second.log()).contains(0);
    assertThat(second.log()).contains("1 of 3 dates run", "2026-01-03        2  SUCCEEDED");
    assertThat(world.jobsStarted()).as("only the date that failed").isEqualTo(4);
  }

  @Test
  void datesTogetherAreOneApplicationAndADateThatFailsItIsTriedAlone() throws Exception {
    world.job("mart", "exit 0 {dates}").jobKey("mart", "together", 3);
    ChildProcess good = backfillOfThree();

    assertThat(good.exitCode(PATIENCE)).as(good.log()).contains(0);
    assertThat(world.jobsStarted()).as("one for all").isEqualTo(1);
    assertOneStartAndStop();

    ChildProcess dry = backfillOfThree("--only", "all", "--dry-run");
    assertThat(dry.exitCode(PATIENCE)).as(dry.log()).contains(0);
    assertThat(dry.log()).contains("3 of 3 dates run. About ", "of cluster time: start", "mart");

    world.job("mart", "fails-on " + FIRST.plusDays(1) + " {dates}").jobKey("mart", "together", 3);
    ChildProcess bad = backfillOfThree("--only", "all");

    assertThat(bad.exitCode(PATIENCE)).as(bad.log()).contains(1);
    assertThat(bad.log())
        .contains("2026-01-02        2  SUCCEEDED", "2026-01-03        2  FAILED")
        .contains("2026-01-04        2  SUCCEEDED");
    assertThat(world.jobsStarted()).as("one for all, then one for each").isEqualTo(1 + 1 + 3);
  }

  @Test
  void backfillWhoseClusterCannotBeHadIsHeldAndGoesOnWhenResumed() throws Exception {
    world.cloud.script().failNextOperation(OperationFailure.quotaExceeded());
    ChildProcess held = backfillOfThree();
    assertThat(held.exitCode(PATIENCE)).as(held.log()).contains(1);
    assertThat(held.log()).contains("backfill 1: HELD").containsIgnoringCase("quota");
    assertThat(world.starts()).as("no storm of starts").isEqualTo(1);
    assertThat(world.jobsStarted()).isZero();

    ChildProcess resumed = backfill("--resume", "1");

    assertThat(resumed.exitCode(PATIENCE)).as("the first date has failed").contains(1);
    assertThat(resumed.log()).contains("backfill 1: DONE");
    assertThat(world.jobsStarted()).isEqualTo(2);
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
  }

  @Test
  void backfillGoesOnAfterAKill() throws Exception {
    Path go = directory.resolve("go");
    world.job("mart", "await " + go);
    ChildProcess killed = backfillOfThree();
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
    world.events.await(
        killed, PATIENCE, "a job", event -> event.is(Kind.JOB_SUBMITTED.name(), "mart"));
    ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
    assertThat(killed.exitCode(PATIENCE)).contains(137);
    Files.createFile(go);

    ChildProcess next = backfill("--resume", "1");

    assertThat(next.exitCode(PATIENCE)).as(next.log()).contains(0);
    assertThat(world.jobsStarted()).as("none twice").isEqualTo(3);
    assertOneStartAndStop();
  }

  @Test
  void backfillWithNothingToDoSeesToTheStopThatAKilledOneOwes() throws Exception {
    world.job("mart", "exit 0");
    world.cloud.script().fail(Rpc.STOP_CLUSTER, Status.UNAVAILABLE, 1000);
    ChildProcess killed = backfillOfThree();
    world.events.await(
        killed, PATIENCE, "its stop", event -> event.is(Kind.CLUSTER_STOP_ASKED.name()));
    ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
    assertThat(killed.exitCode(PATIENCE)).contains(137);

    world.cloud.script().answerNormally();
    ChildProcess next = backfillOfThree();

    assertThat(next.exitCode(PATIENCE)).as(next.log()).contains(0);
    assertThat(next.log()).contains("Nothing to do.").doesNotContain("STOP PENDING");
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
    assertThat(world.jobsStarted()).isEqualTo(3);
  }

  @Test
  void cancelledRunIsKilledAndItsSessionGoesOnWithTheNext() throws Exception {
    Path go = directory.resolve("go");
    world.job("mart", "await " + go);
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      Journal journal = application.journal();
      for (int day = 0; day < 3; day++) {
        journal
            .queue()
            .add(LocalWorld.PIPELINE, LocalWorld.CLUSTER, FIRST.plusDays(day), false, "me");
      }
      String first = LocalWorld.PIPELINE + "/" + FIRST + "/1";
      String second = LocalWorld.PIPELINE + "/" + FIRST.plusDays(1) + "/1";
      assertThat(journal.runs().cancel(second, "me", "not needed").state())
          .isEqualTo(RunState.CANCELLED);
      CompletableFuture<Void> session =
          CompletableFuture.runAsync(() -> application.dispatch(CLUSTER));
      Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
      journal.runs().cancel(first, "me", "wrong input");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !journal.runs().find(first).orElseThrow().state().isOpen());
      Files.createFile(go);
      Awaitility.await().atMost(PATIENCE).until(session::isDone);

      Run cancelled = journal.runs().find(first).orElseThrow();
      assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
      assertThat(cancelled.failure().orElseThrow()).contains("me", "wrong input");
      assertThat(journal.jobs().latest(cancelled).get(0).state()).isEqualTo(JobState.KILLED);
      assertThat(journal.runs().last(LocalWorld.PIPELINE, FIRST.plusDays(2)).orElseThrow().state())
          .isEqualTo(RunState.SUCCEEDED);
      assertThat(world.jobsStarted()).isEqualTo(2);
      assertOneStartAndStop();
    }
  }

  /** Both fall due within the time that the cluster takes to start. */
  @Test
  void pipelinesThatAreDueOnOneClusterShareItsStart() throws Exception {
    world.cloud.script().startTakes(Duration.ofSeconds(3));
    Path file = world.writePipeline();
    Files.copy(file, file.resolveSibling("reports.yaml"));
    ChildProcess serving = world.start("serve");
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    for (String pipeline : List.of(LocalWorld.PIPELINE, "reports")) {
      world.events.await(
          serving,
          PATIENCE,
          "the end of " + pipeline,
          event ->
              event.is(Kind.RUN_ENDED.name(), "SUCCEEDED")
                  && event.run().equals(pipeline + "/" + yesterday + "/1"));
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> world.stops() > 0 && world.cloud.status() == Cluster.Status.STOPPED);

    assertThat(world.cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertOneStartAndStop();
  }

  @Test
  void clustersRunSideBySide() throws Exception {
    Path go = directory.resolve("go");
    world.withSecondCluster().job("mart", "await " + go);
    Path file = world.writePipeline();
    Files.writeString(
        file.resolveSibling("reports.yaml"),
        Files.readString(file).replaceFirst("cluster: \"?main\"?", "cluster: second"));
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      Journal journal = application.journal();
      journal.queue().add(LocalWorld.PIPELINE, LocalWorld.CLUSTER, FIRST, false, "me");
      journal.queue().add("reports", LocalWorld.SECOND_CLUSTER, FIRST, false, "me");
      List<CompletableFuture<Void>> sessions =
          Stream.of(CLUSTER, "second")
              .map(name -> CompletableFuture.runAsync(() -> application.dispatch(name)))
              .toList();
      Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 2);
      Files.createFile(go);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> sessions.stream().allMatch(CompletableFuture::isDone));

      for (String pipeline : List.of(LocalWorld.PIPELINE, "reports")) {
        assertThat(journal.runs().last(pipeline, FIRST).orElseThrow().state())
            .isEqualTo(RunState.SUCCEEDED);
      }
    }
    for (String cluster : List.of(LocalWorld.CLUSTER, LocalWorld.SECOND_CLUSTER)) {
      assertThat(world.cloud.timeline(cluster))
          .extracting(StatusChange::status)
          .containsSubsequence(Cluster.Status.STARTING, Cluster.Status.RUNNING)
          .endsWith(Cluster.Status.STOPPING, Cluster.Status.STOPPED)
          .containsOnlyOnce(Cluster.Status.STARTING);
    }
  }

  @Test
  void whatFallsDueWhileTheClusterStopsWaitsForTheEndOfTheStop() throws Exception {
    world.cloud.script().stopTakes(Duration.ofSeconds(2));
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      Journal journal = application.journal();
      journal.queue().add(LocalWorld.PIPELINE, LocalWorld.CLUSTER, FIRST, false, "me");
      CompletableFuture<Void> session =
          CompletableFuture.runAsync(() -> application.dispatch(CLUSTER));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> world.cloud.status() == Cluster.Status.STOPPING);
      Run due =
          journal
              .queue()
              .add(LocalWorld.PIPELINE, LocalWorld.CLUSTER, FIRST.plusDays(1), false, "me")
              .run();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                application.dispatch(CLUSTER);
                return !journal.runs().find(due.id()).orElseThrow().state().isOpen();
              });
      Awaitility.await().atMost(PATIENCE).until(session::isDone);

      assertThat(journal.runs().find(due.id()).orElseThrow().state()).isEqualTo(RunState.SUCCEEDED);
    }
    assertThat(world.cloud.timeline(LocalWorld.CLUSTER))
        .extracting(StatusChange::status)
        .containsSubsequence(
            Cluster.Status.STARTING,
            Cluster.Status.RUNNING,
            Cluster.Status.STOPPING,
            Cluster.Status.STOPPED,
            Cluster.Status.STARTING,
            Cluster.Status.RUNNING,
            Cluster.Status.STOPPING,
            Cluster.Status.STOPPED);
    assertThat(world.starts()).isEqualTo(2);
    assertThat(world.stops()).isEqualTo(2);
  }

  @Test
  void pausedPipelineIsSkippedAndStillRunByHand() throws Exception {
    ChildProcess pause = world.start("pause", "--note", "migration");
    assertThat(pause.exitCode(PATIENCE)).as(pause.log()).contains(0);
    ChildProcess serving = world.start("serve");
    world.events.await(
        serving, PATIENCE, "a skipped run", event -> event.is(Kind.RUN_SKIPPED.name()));
    ProcessHandle.of(serving.pid()).orElseThrow().destroy();
    assertThat(serving.exitCode(PATIENCE)).contains(143);
    assertThat(world.starts()).isZero();

    ChildProcess byHand = world.start("run", "--date", FIRST.toString());
    assertThat(byHand.exitCode(PATIENCE)).as(byHand.log()).contains(0);
    ChildProcess resume = world.start("resume");
    assertThat(resume.exitCode(PATIENCE)).as(resume.log()).contains(0);
    assertThat(resume.log()).contains("datamarts is resumed");
    try (Journal journal = world.journal()) {
      assertThat(journal.queue().pause(LocalWorld.PIPELINE)).isEmpty();
      assertThat(journal.queue().next(LocalWorld.CLUSTER)).as("nothing is caught up").isEmpty();
    }
  }
}
