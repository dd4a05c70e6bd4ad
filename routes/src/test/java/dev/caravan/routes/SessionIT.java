package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.RecordedEvents;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * Several runs in one session: one start and one stop, whatever becomes of each and of the process.
 */
class SessionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final LocalDate SECOND = FIRST.plusDays(1);
  private static final LocalDate THIRD = FIRST.plusDays(2);

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

  private ChildProcess run(LocalDate... dates) throws IOException {
    List<String> words = new ArrayList<>(List.of("run"));
    for (LocalDate date : dates) {
      words.addAll(List.of("--date", date.toString()));
    }
    return world.start(words.toArray(String[]::new));
  }

  private void await(ChildProcess orchestrator, LocalDate date, Kind kind)
      throws InterruptedException {
    String run = "datamarts/" + date + "/1";
    world.events.await(
        orchestrator,
        PATIENCE,
        kind + " of " + run,
        event -> event.is(kind.name()) && event.run().equals(run));
  }

  private List<Run> runs(LocalDate... dates) throws IOException {
    try (Journal journal = world.journal()) {
      return runsIn(journal, dates);
    }
  }

  private void assertStates(RunState first, RunState second, RunState third) throws IOException {
    assertThat(runs(FIRST, SECOND, THIRD))
        .extracting(Run::state)
        .containsExactly(first, second, third);
    assertThat(runs(FIRST, SECOND, THIRD)).extracting(Run::attempt).containsOnly(1);
  }

  private void assertOneStartAndOneStop() throws IOException {
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
    try (Journal journal = world.journal()) {
      assertThat(journal.sessions().lastOn(LocalWorld.CLUSTER).orElseThrow().state())
          .isEqualTo(SessionState.STOPPED);
      assertThat(journal.sessions().owesStop(LocalWorld.CLUSTER)).isFalse();
    }
  }

  private void assertOneSession(LocalDate... dates) throws IOException {
    try (Journal journal = world.journal()) {
      assertThat(runsIn(journal, dates))
          .extracting(run -> journal.sessions().of(run).orElseThrow().id())
          .containsOnly(journal.sessions().lastOn(LocalWorld.CLUSTER).orElseThrow().id());
    }
  }

  private static List<Run> runsIn(Journal journal, LocalDate... dates) {
    return List.of(dates).stream()
        .map(date -> journal.runs().last("datamarts", date).orElseThrow())
        .toList();
  }

  /** The job of this date waits until it may go on. */
  private String waits() {
    return "await " + directory.resolve("go-{date}");
  }

  private void letGo(LocalDate... dates) throws IOException {
    for (LocalDate date : dates) {
      Files.writeString(directory.resolve("go-" + date), "");
    }
  }

  private void awaitJobs(int started) {
    Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == started);
  }

  private static void kill(ChildProcess orchestrator) throws InterruptedException {
    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroyForcibly();
    assertThat(orchestrator.exitCode(PATIENCE)).contains(137);
  }

  @Test
  void threeDatesAreOneStartAndOneStopAndOneThatFailsEndsNothingButItself() throws Exception {
    world.job("mart", "fails-on " + SECOND + " {date}");

    ChildProcess orchestrator = run(FIRST, SECOND, THIRD);

    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(1);
    assertStates(RunState.SUCCEEDED, RunState.FAILED, RunState.SUCCEEDED);
    assertThat(world.jobsStarted()).isEqualTo(3);
    assertOneStartAndOneStop();
    assertOneSession(FIRST, SECOND, THIRD);
    assertThat(world.events.of(orchestrator))
        .extracting(RecordedEvents.RecordedEvent::kind)
        .filteredOn(kind -> kind.equals("RUN_ENDED") || kind.equals("CLUSTER_STOP_ASKED"))
        .containsExactly("RUN_ENDED", "RUN_ENDED", "RUN_ENDED", "CLUSTER_STOP_ASKED");
    assertThat(orchestrator.log())
        .contains(
            "run datamarts/2026-01-02/1: SUCCEEDED",
            "run datamarts/2026-01-03/1: FAILED",
            "run datamarts/2026-01-04/1: SUCCEEDED")
        .contains("\ncluster: STOPPED");
  }

  @Test
  void processThatIsKilledBetweenTwoRunsIsFollowedByOneThatRunsTheRest() throws Exception {
    world.job("mart", waits());
    letGo(FIRST);
    ChildProcess first = run(FIRST, SECOND, THIRD);
    await(first, FIRST, Kind.RUN_ENDED);
    kill(first);
    letGo(SECOND, THIRD);

    ChildProcess second = run(THIRD);

    assertThat(second.exitCode(PATIENCE)).as(second.log()).contains(0);
    assertStates(RunState.SUCCEEDED, RunState.SUCCEEDED, RunState.SUCCEEDED);
    assertThat(world.jobsStarted()).isEqualTo(3);
    assertOneStartAndOneStop();
    assertOneSession(FIRST, SECOND, THIRD);
  }

  @Test
  void processThatIsKilledWithinTheSecondRunIsFollowedByOneThatGoesOnWithIt() throws Exception {
    world.job("mart", waits());
    letGo(FIRST);
    ChildProcess first = run(FIRST, SECOND, THIRD);
    awaitJobs(2);
    await(first, SECOND, Kind.JOB_SUBMITTED);
    kill(first);
    letGo(SECOND, THIRD);

    ChildProcess second = run(SECOND);

    assertThat(second.exitCode(PATIENCE)).as(second.log()).contains(0);
    assertStates(RunState.SUCCEEDED, RunState.SUCCEEDED, RunState.SUCCEEDED);
    assertThat(world.jobsStarted()).isEqualTo(3);
    assertOneStartAndOneStop();
  }

  @Test
  void clusterThatIsLostEndsItsRunAndThoseThatWereToFollow() throws Exception {
    world.job("mart", waits());
    letGo(FIRST);
    ChildProcess orchestrator = run(FIRST, SECOND, THIRD);
    awaitJobs(2);
    await(orchestrator, SECOND, Kind.JOB_SUBMITTED);
    world.cloud.script().stoppedBySomebody();

    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(1);

    assertStates(RunState.SUCCEEDED, RunState.FAILED, RunState.FAILED);
    assertThat(runs(SECOND).get(0).failure().orElseThrow()).contains("somebody stopped it");
    assertThat(runs(THIRD).get(0).failure().orElseThrow())
        .startsWith("The run was not begun: ")
        .contains("somebody stopped it");
    assertThat(world.jobsStarted()).isEqualTo(2);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);
  }

  @Test
  void clusterThatCannotBeStartedIsAskedForOnceNotForEachDate() throws Exception {
    world.cloud.script().failNextOperation(OperationFailure.quotaExceeded());

    ChildProcess orchestrator = run(FIRST, SECOND, THIRD);

    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(1);
    assertStates(RunState.FAILED, RunState.FAILED, RunState.FAILED);
    assertThat(runs(THIRD).get(0).failure().orElseThrow()).contains("RESOURCE_EXHAUSTED");
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.jobsStarted()).isZero();
  }

  @Test
  void shutdownInterruptsTheRunThatIsUnderWayAndThoseThatWereToFollow() throws Exception {
    world.job("mart", waits());
    ChildProcess orchestrator = run(FIRST, SECOND, THIRD);
    await(orchestrator, FIRST, Kind.JOB_SUBMITTED);

    ProcessHandle.of(orchestrator.pid()).orElseThrow().destroy();

    assertThat(orchestrator.exitCode(PATIENCE)).as(orchestrator.log()).contains(143);
    assertStates(RunState.INTERRUPTED, RunState.INTERRUPTED, RunState.INTERRUPTED);
    Awaitility.await().atMost(PATIENCE).until(() -> world.cloud.status() == Cluster.Status.STOPPED);
    assertThat(world.stops()).isEqualTo(1);
  }

  @Test
  void runsThatAreHandedOverGoOnAtTheNextStartOnTheSameCluster() throws Exception {
    world.job("mart", waits()).set("caravan.shutdown", "hand-over");
    ChildProcess first = run(FIRST, SECOND, THIRD);
    awaitJobs(1);
    await(first, FIRST, Kind.JOB_SUBMITTED);
    ProcessHandle.of(first.pid()).orElseThrow().destroy();
    assertThat(first.exitCode(PATIENCE)).as(first.log()).contains(143);
    assertThat(world.stops()).isZero();
    assertStates(RunState.RUNNING, RunState.QUEUED, RunState.QUEUED);
    letGo(FIRST, SECOND, THIRD);

    ChildProcess second = run(FIRST);

    assertThat(second.exitCode(PATIENCE)).as(second.log()).contains(0);
    assertStates(RunState.SUCCEEDED, RunState.SUCCEEDED, RunState.SUCCEEDED);
    assertThat(world.jobsStarted()).isEqualTo(3);
    assertOneStartAndOneStop();
  }

  @Test
  void ofTwoOrchestratorsTheOtherTakesTheSessionOverOnceItsClaimHasLapsed() throws Exception {
    try (LocalPostgres server = LocalPostgres.start(directory.resolve("postgres"))) {
      Path login = directory.resolve("journal.properties");
      Files.writeString(login, "user=" + server.user() + "\npassword=ignored\n");
      world
          .job("mart", waits())
          .set("caravan.journal.url", server.newDatabase("shared"))
          .set("caravan.journal.credentials-file", login.toString())
          .set("caravan.claim.ttl", "3s")
          .set("caravan.reconcile.every", "300ms")
          .schedule("every", "366d");
      ChildProcess dead = run(FIRST, SECOND, THIRD);
      awaitJobs(1);
      await(dead, FIRST, Kind.JOB_SUBMITTED);
      ChildProcess serving = world.start("serve");
      String ready = EventFile.ProcessEvent.PROCESS_READY.name();
      world.events.await(serving, PATIENCE, ready, event -> event.is(ready));
      letGo(FIRST);
      await(dead, FIRST, Kind.RUN_ENDED);
      kill(dead);
      letGo(SECOND, THIRD);
      await(serving, THIRD, Kind.RUN_ENDED);

      assertThat(world.jobsStarted()).isEqualTo(3);
      assertThat(world.starts()).isEqualTo(1);
    }
  }
}
