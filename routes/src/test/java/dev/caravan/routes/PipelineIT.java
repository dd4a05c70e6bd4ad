package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.yandex.YandexClusters;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;
import yandex.cloud.api.dataproc.v1.Common.Health;

/**
 * The shipped routes with the real verbs, against the local cloud and the real endpoint: what goes
 * wrong ends in one sentence and a stopped cluster.
 */
class PipelineIT {
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

  private record Outcome(Run run, List<JobRun> jobs, boolean stopped) {}

  private Outcome run() throws Exception {
    return run(false);
  }

  private Outcome run(boolean again) throws Exception {
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      application.run(LocalWorld.PIPELINE, DATE, again);
      Run run = application.journal().runs().last("datamarts", DATE).orElseThrow();
      boolean stopped =
          application
              .journal()
              .sessions()
              .of(run)
              .map(session -> session.stoppedAt().isPresent())
              .orElse(true);
      return new Outcome(run, application.journal().jobs().latest(run), stopped);
    }
  }

  private void assertFailed(Outcome outcome, String... words) {
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow())
        .contains(words)
        .doesNotContain("\n")
        .doesNotContain("Exception");
    assertClusterStopped();
    assertThat(outcome.stopped()).isTrue();
  }

  private void assertClusterStopped() {
    assertThat(world.cloud.timeline())
        .last()
        .extracting(change -> change.status())
        .isEqualTo(Cluster.Status.STOPPED);
    assertThat(world.cluster.alive()).isFalse();
  }

  @Test
  void aGoodRunStartsOnceRunsEachJobOnceAndStopsOnce() throws Exception {
    world.addJob("second", "exit 0");
    Outcome outcome = run();
    assertThat(outcome.run().failure()).isEmpty();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(outcome.jobs()).extracting(JobRun::job).containsExactly("mart", "second");
    assertThat(outcome.jobs()).allMatch(job -> job.state() == JobState.SUCCEEDED);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertThat(world.jobsStarted()).isEqualTo(2);
    assertClusterStopped();
  }

  private int command() throws IOException {
    return Caravan.commandLine()
        .execute("run", "--date", DATE.toString(), "--config", world.settingsFile().toString());
  }

  @Test
  void exitCodeZeroMeansSucceededAndStopped() throws Exception {
    assertThat(command()).isZero();
    assertClusterStopped();
  }

  @Test
  void exitCodeOneMeansTheRunFailed() throws Exception {
    world.job("mart", "exit 66");
    assertThat(command()).isEqualTo(1);
    assertClusterStopped();
  }

  @Test
  void exitCodeTwoMeansNothingWasStarted() throws Exception {
    world.set("caravan.cluster.main.pol", "5s");
    assertThat(command()).isEqualTo(2);
    assertThat(world.starts()).isZero();
  }

  @Test
  void exitCodeThreeMeansTheClusterIsNotKnownToBeStopped() throws Exception {
    world
        .cloud
        .script()
        .fail(Rpc.STOP_CLUSTER, Status.PERMISSION_DENIED.withDescription("no role"), 1000);
    world.set("caravan.cluster.main.stop-timeout", "2s");
    assertThat(command()).isEqualTo(3);
  }

  @Test
  void aStatusThatLagsBehindTheStartDoesNotPassForAStoppedCluster() throws Exception {
    world.cloud.script().reportLags(Duration.ofSeconds(3)).startTakes(Duration.ofSeconds(2));
    world.set("caravan.cluster.main.start-timeout", "1s");
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.stopped()).isTrue();
    assertThat(world.stops()).isPositive();
    assertClusterStopped();
  }

  @Test
  void aFailureThatPassedDoesNotFailTheRun() throws Exception {
    world.cloud.script().fail(Rpc.GET_CLUSTER, Status.ABORTED.withDescription("once"), 1);
    world.cloud.script().fail(Rpc.START_CLUSTER, Status.UNAVAILABLE.withDescription("once"), 1);
    Outcome outcome = run();
    assertThat(outcome.run().failure()).isEmpty();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aDateThatSucceededIsNotRunAgainUnlessAskedFor() throws Exception {
    run();
    assertThat(run().run().attempt()).isEqualTo(1);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(run(true).run().attempt()).isEqualTo(2);
    assertThat(world.jobsStarted()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "64, exit code 64 (bad arguments)",
    "65, exit code 65 (unusable input)",
    "66, exit code 66 (no input in the window)",
    "1, exit code 1"
  })
  void aJobThatFailsFailsTheRunWithItsExitCodeAndItsOwnWord(int exitCode, String words)
      throws Exception {
    world
        .job("mart", "exit " + exitCode)
        .addJob("second", "exit 0")
        .jobKey("second", "needs", List.of("mart"));
    long before = world.jobsStarted();
    Outcome outcome = run();
    assertFailed(outcome, "mart", words, "this job was told to end with " + exitCode);
    assertThat(outcome.jobs())
        .filteredOn(job -> job.state() == JobState.UPSTREAM_FAILED)
        .singleElement()
        .satisfies(job -> assertThat(job.job()).isEqualTo("second"));
    assertThat(world.jobsStarted()).as("the second job is not begun").isEqualTo(before + 1);
    assertThat(world.stops()).isEqualTo(1);
  }

  @Test
  void aJobThatTakesTooLongIsKilledBeforeTheClusterIsStopped() throws Exception {
    world.job("mart", "sleep 300").jobKey("mart", "timeout", "1s");
    Outcome outcome = run();
    assertFailed(
        outcome, "mart did not end within 1s", "was killed", "its timeout in the pipeline's file");
  }

  @Test
  void wrongCredentialsEndTheRunBeforeAnythingIsStarted() throws Exception {
    ObjectMapper json = new ObjectMapper();
    ObjectNode key = (ObjectNode) json.readTree(world.cloud.serviceAccountKey().toFile());
    Path unknown = directory.resolve("unknown-key.json");
    json.writeValue(unknown.toFile(), key.put("id", "ajeunknown"));
    world.set("caravan.yandex.key-file", unknown.toString());

    Outcome outcome = run();

    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow())
        .contains("service-account key")
        .doesNotContain("\n");
    assertThat(world.starts()).isZero();
  }

  @Test
  void anUnknownClusterIsNamed() throws Exception {
    world.set("caravan.cluster.main.id", "c9qnone");
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow()).contains("c9qnone").doesNotContain("\n");
    assertThat(world.starts()).isZero();
  }

  @Test
  void aQuotaErrorEndsTheWaitInTheCloudsOwnWords() throws Exception {
    world.cloud.script().failNextOperation(OperationFailure.quotaExceeded());
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow())
        .contains("did not start", "RESOURCE_EXHAUSTED")
        .doesNotContain("\n");
    assertThat(world.jobsStarted()).isZero();
  }

  @Test
  void aClusterInErrorEndsTheWaitAtOnce() throws Exception {
    world.cloud.script().become(Cluster.Status.ERROR, Health.DEAD);
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow()).contains("status ERROR");
    assertThat(world.starts()).isZero();
  }

  @Test
  void anEndpointThatNeverGetsHealthyEndsAtItsDeadline() throws Exception {
    world
        .set("caravan.cluster.main.endpoint.port", "9")
        .set("caravan.cluster.main.endpoint.ready-timeout", "1s");
    assertFailed(
        run(),
        "endpoint",
        "was not ready within 1s",
        "caravan.cluster.main.endpoint.ready-timeout");
  }

  @Test
  void wrongCredentialsAtTheEndpointAreSaid() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong.properties"), "bearer=wrong");
    world.set("caravan.cluster.main.endpoint.credentials-file", wrong.toString());
    assertFailed(run(), "endpoint", "401");
  }

  @Test
  void aClusterThatSomebodyStopsUnderARunningJobFailsTheRun() throws Exception {
    world.job("mart", "sleep 300");
    Thread somebody =
        new Thread(
            () -> {
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .until(() -> world.jobsStarted() == 1);
              world.cloud.script().stoppedBySomebody();
            });
    somebody.start();
    Outcome outcome = run();
    somebody.join(60_000);
    assertFailed(outcome, "while job mart was running", "somebody stopped it");
  }

  @Test
  void aClusterThatRanBeforeIsUsedAndLeftRunning() throws Exception {
    startTheCluster();
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(outcome.stopped()).isFalse();
    assertThat(world.stops()).isZero();
    assertThat(world.cluster.alive()).isTrue();
  }

  @Test
  void aClusterThatRanBeforeIsStoppedWherePolicySaysSo() throws Exception {
    startTheCluster();
    world.set("caravan.cluster.main.stop-policy", "always");
    assertThat(run().run().state()).isEqualTo(RunState.SUCCEEDED);
    assertClusterStopped();
  }

  @Test
  void aSubmissionThatIsLostOnTheWayIsSentAgain() throws Exception {
    try (Relay relay = new Relay(world.cluster.uri())) {
      world.set("caravan.cluster.main.endpoint.port", Integer.toString(relay.address().getPort()));
      try (CaravanApplication application =
          CaravanApplication.start(world.settings(), Clock.systemUTC())) {
        application
            .journal()
            .onEvent(
                event -> {
                  if (event.kind() == RunEvent.Kind.ENDPOINT_READY) {
                    relay.refuseOnce();
                  }
                });
        application.run(LocalWorld.PIPELINE, DATE, false);
        Run run = application.journal().runs().last("datamarts", DATE).orElseThrow();
        assertThat(relay.refused()).isPositive();
        assertThat(run.failure()).isEmpty();
        assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(application.journal().jobs().latest(run))
            .extracting(JobRun::state)
            .containsExactly(JobState.SUCCEEDED);
      }
    }
    assertThat(world.jobsStarted()).isEqualTo(1);
    assertClusterStopped();
  }

  @Test
  void aClusterThatItsStarterStopsUnderTheWaitIsStartedAgainAndStopped() throws Exception {
    world.cloud.script().healthTakes(Duration.ofMinutes(5)).startedBySomebody();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(world.cluster::alive);
    AtomicReference<Run> done = new AtomicReference<>();
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      CountDownLatch foundRunning = new CountDownLatch(1);
      application
          .journal()
          .onEvent(
              event -> {
                if (event.kind() == RunEvent.Kind.CLUSTER_FOUND_RUNNING) {
                  foundRunning.countDown();
                }
              });
      Thread run = new Thread(() -> application.run(LocalWorld.PIPELINE, DATE, false));
      run.start();
      assertThat(foundRunning.await(60, TimeUnit.SECONDS)).isTrue();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreException(IllegalStateException.class)
          .untilAsserted(() -> world.cloud.script().stoppedBySomebody());
      world.cloud.script().healthTakes(Duration.ofMillis(100));
      run.join(60_000);
      done.set(application.journal().runs().last("datamarts", DATE).orElseThrow());
      assertThat(application.journal().events().of(done.get()))
          .extracting(RunEvent::kind)
          .doesNotContain(RunEvent.Kind.CLUSTER_LEFT_RUNNING);
    }
    assertThat(done.get().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
    assertClusterStopped();
  }

  @Test
  void aClusterOnWhichAnotherOrchestratorWorksIsLeftToIt() throws Exception {
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    world.job("mart", "await " + first);
    Settings ours = world.settings();
    world
        .job("mart", "await " + second)
        .set("caravan.journal.url", "jdbc:h2:file:" + directory.resolve("journal-of-others"));
    Settings others = world.settings();
    try (CaravanApplication application = CaravanApplication.start(ours, Clock.systemUTC());
        CaravanApplication other = CaravanApplication.start(others, Clock.systemUTC())) {
      Thread run = new Thread(() -> application.run(LocalWorld.PIPELINE, DATE, false));
      run.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> hasBatch(application.journal(), DATE));
      Thread otherRun = new Thread(() -> other.run(LocalWorld.PIPELINE, DATE.plusDays(1), false));
      otherRun.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> hasBatch(other.journal(), DATE.plusDays(1)));
      Files.createFile(first);
      run.join(60_000);
      Run ended = application.journal().runs().last("datamarts", DATE).orElseThrow();
      assertThat(ended.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(application.journal().sessions().of(ended).orElseThrow().state())
          .isEqualTo(SessionState.LEFT_RUNNING);
      assertThat(world.stops()).isZero();

      Files.createFile(second);
      otherRun.join(60_000);
      Run theirs = other.journal().runs().last("datamarts", DATE.plusDays(1)).orElseThrow();
      assertThat(theirs.failure()).isEmpty();
      assertThat(theirs.state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(world.starts()).isEqualTo(1);
    }
  }

  private static boolean hasBatch(Journal journal, LocalDate date) {
    return journal.runs().last("datamarts", date).stream()
        .flatMap(run -> journal.jobs().latest(run).stream())
        .anyMatch(job -> job.batchId().isPresent());
  }

  private void startTheCluster() throws Exception {
    try (var clusters = YandexClusters.connect(world.settings().yandex(), Clock.systemUTC())) {
      clusters.start(LocalWorld.CLUSTER);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> clusters.look(LocalWorld.CLUSTER).isReady());
    }
  }

  @Test
  void aStopThatIsRefusedForAWhileIsAskedForAgain() throws Exception {
    world.cloud.script().fail(Rpc.STOP_CLUSTER, Status.UNAVAILABLE.withDescription("try later"), 3);
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(outcome.stopped()).isTrue();
    assertThat(world.stops()).isEqualTo(4);
    assertClusterStopped();
  }

  @Test
  void aStopThatIsForbiddenRaisesTheAlarmAndStaysPending() throws Exception {
    world
        .cloud
        .script()
        .fail(Rpc.STOP_CLUSTER, Status.PERMISSION_DENIED.withDescription("no role"), 1000);
    world.set("caravan.cluster.main.stop-timeout", "2s");
    Outcome outcome = run();
    assertThat(outcome.stopped()).isFalse();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
    world.cloud.script().answerNormally();
    world.set("caravan.cluster.main.stop-timeout", "30s");
    assertThat(run(true).stopped()).as("the next run stops what this one owed").isTrue();
    assertClusterStopped();
  }
}
