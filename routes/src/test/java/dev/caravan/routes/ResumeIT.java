package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.RecordedEvents;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/** The packaged orchestrator, killed or handed over, and what the next one makes of it. */
class ResumeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

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

  private ChildProcess run() throws IOException {
    return world.start("run", "--date", DATE.toString());
  }

  private void await(ChildProcess orchestrator, Kind kind) throws InterruptedException {
    world.events.await(orchestrator, PATIENCE, kind.name(), event -> event.is(kind.name()));
  }

  private void await(ChildProcess orchestrator, Kind kind, String subject)
      throws InterruptedException {
    world.events.await(
        orchestrator, PATIENCE, kind + " " + subject, event -> event.is(kind.name(), subject));
  }

  private List<String> kinds(ChildProcess orchestrator) {
    return world.events.of(orchestrator).stream().map(RecordedEvents.RecordedEvent::kind).toList();
  }

  private static void kill(ChildProcess orchestrator) throws InterruptedException {
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroyForcibly();
    assertThat(orchestrator.exitCode(PATIENCE)).contains(137);
  }

  private void assertEndsWell(ChildProcess orchestrator) throws InterruptedException {
    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(0);
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
  }

  private interface Look {
    void at(Journal journal, Run run);
  }

  private void look(Look look) throws IOException {
    try (Journal journal = world.journal()) {
      look.at(journal, journal.runs().last("datamarts", DATE).orElseThrow());
    }
  }

  private void assertOneAttemptThatSucceeded() throws IOException {
    look(
        (journal, run) -> {
          assertThat(run.attempt()).isEqualTo(1);
          assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
          assertThat(journal.sessions().of(run).orElseThrow().state())
              .isEqualTo(SessionState.STOPPED);
        });
  }

  private String waitingJob() {
    return "await " + directory.resolve("go");
  }

  private void letTheJobGo() throws IOException {
    Files.writeString(directory.resolve("go"), "");
  }

  @Test
  void batchThatRunsIsAdoptedAndNotStartedAgain() throws Exception {
    world.job("first", "exit 0").addJob("second", waitingJob());
    ChildProcess first = run();
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 2);
    await(first, Kind.JOB_SUBMITTED, "second");
    kill(first);

    ChildProcess second = run();
    await(second, Kind.RUN_CONTINUED, "2026-01-02");
    letTheJobGo();

    assertEndsWell(second);
    assertThat(world.jobsStarted()).isEqualTo(2);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertOneAttemptThatSucceeded();
  }

  @Test
  void killWhileTheClusterStopsStartsNothingAnew() throws Exception {
    world.cloud.script().stopTakes(Duration.ofSeconds(5));
    ChildProcess first = run();
    await(first, Kind.CLUSTER_STATUS, "STOPPING");
    kill(first);

    ChildProcess second = run();

    assertEndsWell(second);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertThat(world.jobsStarted()).isEqualTo(1);
    assertOneAttemptThatSucceeded();
  }

  @Test
  void anotherDateFirstBringsTheOpenRunToItsEnd() throws Exception {
    ChildProcess first = run();
    await(first, Kind.CLUSTER_STATUS, "STARTING");
    kill(first);

    ChildProcess second = world.start("run", "--date", "2026-01-03");

    assertEndsWell(second);
    assertOneAttemptThatSucceeded();
    assertThat(world.events.of(second))
        .extracting(event -> event.run() + " " + event.kind() + " " + event.subject())
        .containsSubsequence(
            "datamarts/2026-01-02/1 RUN_CONTINUED 2026-01-02",
            "datamarts/2026-01-02/1 RUN_ENDED SUCCEEDED",
            "datamarts/2026-01-03/1 RUN_CLAIMED 2026-01-03",
            "datamarts/2026-01-03/1 RUN_ENDED SUCCEEDED");
  }

  @Test
  void runThatIsHandedOverGoesOnAtTheNextStart() throws Exception {
    world.job("mart", waitingJob()).set("caravan.shutdown", "hand-over");
    ChildProcess first = run();
    await(first, Kind.JOB_SUBMITTED, "mart");
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);

    ProcessHandle.of(first.pid()).orElseThrow().destroy();

    assertThat(first.exitCode(PATIENCE)).as(first.log()).contains(143);
    assertThat(kinds(first))
        .contains(Kind.RUN_HANDED_OVER.name())
        .doesNotContain(Kind.JOB_KILLED.name());
    assertThat(world.stops()).isZero();
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.RUNNING);

    ChildProcess second = run();
    await(second, Kind.RUN_CONTINUED);
    letTheJobGo();

    assertEndsWell(second);
    assertThat(world.jobsStarted()).isEqualTo(1);
    assertOneAttemptThatSucceeded();
  }

  @Test
  void stopThatFailedForGoodIsMadeUpForByTheReconciler() throws Exception {
    world.set("caravan.cluster.main.stop-timeout", "1s").set("caravan.reconcile.every", "300ms");
    world
        .cloud
        .script()
        .fail(Rpc.STOP_CLUSTER, Status.PERMISSION_DENIED.withDescription("no"), 1000);
    ChildProcess serving = world.start("serve");
    await(serving, Kind.ALARM_RAISED, "STOP_FAILED c9qworld");
    await(serving, Kind.RUN_ENDED, "SUCCEEDED");
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.RUNNING);

    world.cloud.script().answerNormally();

    Awaitility.await().atMost(PATIENCE).until(() -> world.cloud.status() == Cluster.Status.STOPPED);
    await(serving, Kind.ALARM_CLEARED, "STOP_FAILED c9qworld");
  }

  @Test
  void jobThatFailsIsTriedAgainUnderAnotherKey() throws Exception {
    world.job("flaky", "first-fails " + directory.resolve("tried")).jobKey("flaky", "attempts", 2);

    assertEndsWell(run());

    assertThat(world.jobsStarted()).isEqualTo(2);
    look(
        (journal, run) -> {
          assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
          assertThat(journal.jobs().attempts(run))
              .extracting(JobRun::batchKey)
              .containsExactly("datamarts/flaky/2026-01-02/1", "datamarts/flaky/2026-01-02/2");
          assertThat(journal.jobs().attempts(run))
              .extracting(JobRun::state)
              .containsExactly(JobState.FAILED, JobState.SUCCEEDED);
        });
  }

  @Test
  void ofTwoOrchestratorsOneRunsAndTheOtherTakesOverFromTheDeadAndFromThePaused() throws Exception {
    try (LocalPostgres server = LocalPostgres.start(directory.resolve("postgres"))) {
      Path login = directory.resolve("journal.properties");
      Files.writeString(login, "user=" + server.user() + "\npassword=ignored\n");
      world
          .job("mart", waitingJob())
          .set("caravan.journal.url", server.newDatabase("shared"))
          .set("caravan.journal.credentials-file", login.toString())
          .set("caravan.claim.ttl", "3s")
          .set("caravan.reconcile.every", "300ms");
      ChildProcess dead = world.start("serve");
      await(dead, Kind.JOB_SUBMITTED, "mart");
      ChildProcess paused = world.start("serve");
      String ready = EventFile.ProcessEvent.PROCESS_READY.name();
      world.events.await(paused, PATIENCE, ready, event -> event.is(ready));
      kill(dead);
      await(paused, Kind.RUN_CONTINUED);
      await(paused, Kind.ENDPOINT_READY);
      signal(paused, "STOP");
      ChildProcess last = world.start("serve");
      await(last, Kind.ENDPOINT_READY);
      signal(paused, "CONT");
      world.events.await(
          paused,
          PATIENCE,
          "the loss of its run",
          event ->
              event.is(Kind.ALARM_RAISED.name()) && event.subject().startsWith("RUN_TAKEN_OVER "));
      letTheJobGo();
      await(last, Kind.RUN_ENDED, "SUCCEEDED");
      await(last, Kind.CLUSTER_STATUS, "STOPPED");

      assertThat(world.jobsStarted()).isEqualTo(1);
      assertThat(world.starts()).isEqualTo(1);
      assertThat(world.stops()).isEqualTo(1);
      assertThat(kinds(paused))
          .doesNotContain(Kind.CLUSTER_STOP_ASKED.name(), Kind.JOB_KILLED.name());
    }
  }

  private static void signal(ChildProcess process, String name) throws Exception {
    Process kill =
        new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
