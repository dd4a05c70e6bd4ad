package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopClusterTest {
  @RegisterExtension final Stage stage = new Stage();
  private StopCluster stopCluster;
  private Run run;

  @BeforeEach
  void create() {
    stopCluster = stopping(stage.clusters, StopPolicy.OURS);
    run = stage.claim();
    stage.clusters.is(ClusterStatus.RUNNING);
  }

  private StopCluster stopping(ScriptedClusters clusters, StopPolicy policy) {
    stage.use(policy);
    return new StopCluster(stage.journal, clusters, stage.clock);
  }

  private void open(boolean ours) {
    stage.journal.sessions().open(run, stage.clusterId, ours);
  }

  private boolean isDone() {
    stopCluster.process(stage.exchange);
    return stage.context().session().clusterStopped();
  }

  private ClusterSession session() {
    return stage.journal.sessions().of(run).orElseThrow();
  }

  private List<String> stops() {
    return stage.clusters.asked;
  }

  @Test
  void isAskedOnceAndDoneOnlyWhenTheCloudSaysStopped() {
    open(true);
    assertThat(isDone()).isFalse();
    assertThat(stage.context().session().pause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(session().stopPending()).isTrue();

    stage.clusters.is(ClusterStatus.STOPPING);
    assertThat(isDone()).isFalse();
    assertThat(isDone()).isFalse();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();

    stage.clock.pass(Duration.ofMinutes(2));
    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isTrue();
    assertThat(stage.context().session().pause()).isZero();
    assertThat(stops()).containsExactly("stop " + stage.clusterId);
    assertThat(session().stopPending()).isFalse();
    assertThat(session().stoppedAt()).contains(Stage.START.plusSeconds(120));
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isFalse();
  }

  @Test
  void intentIsWrittenBeforeTheCloudIsAsked() {
    open(true);
    List<Boolean> pending = new ArrayList<>();
    ScriptedClusters watching =
        new ScriptedClusters() {
          @Override
          public Operation stop(String clusterId) {
            pending.add(session().stopPending());
            return super.stop(clusterId);
          }
        };
    watching.is(ClusterStatus.RUNNING);

    stopping(watching, StopPolicy.OURS).process(stage.exchange);

    assertThat(pending).containsExactly(true);
  }

  @Test
  void clusterThatIsNotOursIsLeftRunningAndThatIsSaid() {
    open(false);

    assertThat(isDone()).isTrue();

    assertThat(stops()).isEmpty();
    assertThat(session().stopAskedAt()).isEmpty();
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_LEFT_RUNNING)).hasSize(1);
  }

  @Test
  void clusterThatItsStarterStopsIsWatchedAndNobodyIsAlarmed() {
    open(false);
    stage.clusters.is(ClusterStatus.STOPPING);
    assertThat(isDone()).isFalse();
    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isTrue();

    assertThat(stops()).isEmpty();
    assertThat(session().state()).isEqualTo(SessionState.STOPPED);
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_LEFT_RUNNING)).isEmpty();
  }

  @Test
  void stopOfSomebodyElseIsWatchedForABoundedTime() {
    open(false);
    stage.clusters.is(ClusterStatus.STOPPING);
    assertThat(isDone()).isFalse();
    stage.clock.pass(Duration.ofMinutes(21));
    assertThat(isDone()).isTrue();

    assertThat(session().state()).isEqualTo(SessionState.LEFT_RUNNING);
  }

  private void assertLeftToOthers(String... words) {
    assertThat(isDone()).isTrue();
    assertThat(stops()).isEmpty();
    assertThat(session().state()).isEqualTo(SessionState.LEFT_RUNNING);
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_STOP_ASKED)).isEmpty();
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_LEFT_RUNNING).get(0)).contains(words);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void batchThatThisJournalDoesNotKnowKeepsTheClusterRunning(boolean stockLivy) {
    open(true);
    List<String> shown = new ArrayList<>();
    for (int id = 0; id < 150; id++) {
      shown.add(Stage.batch(id, "success", "old-" + id));
    }
    shown.add(Stage.batch(150, "running", "by-hand"));
    stage.endpointRuns(stockLivy, shown);

    assertLeftToOthers("others work on it", "batch 150", "by-hand");
  }

  @Test
  void batchWithoutANameOrStateThatIsKnownIsForeignToo() {
    open(true);
    stage.endpointRuns(true, List.of("{\"id\":3,\"name\":null,\"state\":\"idle\",\"log\":[]}"));

    assertLeftToOthers("batch 3 (without a name");
  }

  /** Submits a job of the run; its batch has the number, or none was heard. */
  private String submitted(String job, Optional<Integer> batch) {
    String key =
        stage.journal.jobs().submitting(run, job, attempt -> run.id() + "/" + job).batchKey();
    batch.ifPresent(id -> stage.journal.jobs().submitted(run, job, id));
    return key;
  }

  @Test
  void ownBatchesDoNotKeepTheClusterRunning() {
    open(true);
    String heard = submitted("heard", Optional.of(4));
    String unheard = submitted("unheard", Optional.empty());
    stage.endpointRuns(
        false,
        List.of(
            Stage.batch(4, "running", heard),
            Stage.batch(5, "running", unheard),
            Stage.batch(6, "killed", "of-others")));

    assertThat(isDone()).isFalse();
    assertThat(stops()).hasSize(1);
  }

  @Test
  void batchThatOnlyBearsTheNameOfOursIsForeign() {
    open(true);
    String name = submitted("heard", Optional.of(4));
    stage.endpointRuns(
        false, List.of(Stage.batch(4, "success", name), Stage.batch(9, "running", name)));

    assertLeftToOthers("batch 9");
  }

  @Test
  void foreignBatchThatComesWhileAStopIsRefusedIsSeen() {
    open(true);
    stage.endpointRuns(false, List.of());
    stage.clusters.stopsFail(new RetryableException("UNAVAILABLE"));
    assertThat(isDone()).isFalse();
    stage.clusters.stopsSucceed();
    stage.endpointRuns(false, List.of(Stage.batch(1, "running", "by-hand")));

    assertThat(isDone()).isTrue();
    assertThat(stops()).hasSize(1);
    assertThat(session().state()).isEqualTo(SessionState.LEFT_RUNNING);
  }

  @Test
  void clusterThatHasTakenOurStopIsAwaitedWhateverComesThen() {
    open(true);
    stage.endpointRuns(false, List.of());
    assertThat(isDone()).isFalse();
    stage.endpointRuns(false, List.of(Stage.batch(1, "running", "by-hand")));

    assertThat(isDone()).as("the status lags behind the stop").isFalse();
    assertThat(session().stopPending()).isTrue();
  }

  @Test
  void policyAlwaysStopsUnderForeignBatches() {
    stopCluster = stopping(stage.clusters, StopPolicy.ALWAYS);
    open(true);
    stage.endpointRuns(false, List.of(Stage.batch(1, "running", "by-hand")));

    assertThat(isDone()).isFalse();
    assertThat(stops()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsStoppedThatNoRunUsed(StopPolicy policy) {
    stopCluster = stopping(stage.clusters, policy);
    assertThat(isDone()).isTrue();
    stage.afterRestart();
    assertThat(isDone()).isTrue();

    assertThat(stops()).isEmpty();
  }

  @Test
  void stopAfterACrashBetweenIntentAndStartIsStillOwed() {
    open(true);
    assertThat(session().operationId()).isEmpty();

    assertThat(isDone()).isFalse();

    assertThat(stops()).hasSize(1);
  }

  @Test
  void refusedStopIsPendingAndAskedForAgain() {
    open(true);
    stage
        .clusters
        .is(ClusterStatus.STARTING)
        .stopsFail(new RetryableException("FAILED_PRECONDITION"));
    assertThat(isDone()).isFalse();
    assertThat(isDone()).isFalse();
    assertThat(stops()).hasSize(2);
    assertThat(session().stopPending()).isTrue();

    stage.clusters.is(ClusterStatus.RUNNING).stopsSucceed();
    assertThat(isDone()).isFalse();
    stage.clock.pass(Duration.ofMinutes(2));
    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isTrue();
    assertThat(stops()).hasSize(3);
  }

  @Test
  void lookThatFailsIsTriedAgain() {
    open(true);
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE"));
    assertThat(isDone()).isFalse();
    assertThat(session().stopPending()).isTrue();

    stage.clusters.is(ClusterStatus.RUNNING);
    assertThat(isDone()).isFalse();
    assertThat(stops()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "UNKNOWN", "CREATING", "STARTING"})
  void clusterThatMayCostMoneyIsStoppedWhateverItsStatus(ClusterStatus status) {
    open(true);
    stage.clusters.is(status);

    assertThat(isDone()).isFalse();

    assertThat(stops()).hasSize(1);
  }

  @Test
  void clusterThatIsStoppedAlreadyIsNotAskedToStop() {
    open(true);
    stage.clusters.is(ClusterStatus.STOPPED);
    stage.clock.pass(Duration.ofMinutes(2));

    assertThat(isDone()).isTrue();

    assertThat(stops()).isEmpty();
    assertThat(session().stoppedAt()).isPresent();
  }

  @Test
  void refusalIsTriedAgainUntilTheDeadlineAndTheStopStaysPending() {
    open(true);
    stage.clusters.stopsFail(new FatalException("PERMISSION_DENIED"));

    assertThat(isDone()).isFalse();
    stage.clock.pass(Duration.ofMinutes(20).plusSeconds(1));
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isDone)
        .withMessageContaining("was not stopped within 20m");

    assertThat(stops()).hasSize(2);
    assertThat(stage.context().session().clusterStopped())
        .as("the alarm looks at this")
        .isEqualTo(false);
    assertThat(session().stopPending()).isTrue();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void stoppedIsNotBelievedWhileAStartIsUnderWayOrJustDone() {
    open(true);
    stage.journal.sessions().startAccepted(run, "op-1");
    stage.clusters.is(ClusterStatus.STOPPED);
    stage.clock.pass(Duration.ofMinutes(5));
    assertThat(isDone()).isFalse();
    stage.clusters.operationIs(true, Optional.empty());
    assertThat(isDone()).as("the status lags behind the operation").isFalse();

    stage.clusters.is(ClusterStatus.RUNNING);
    assertThat(isDone()).isFalse();
    assertThat(stops()).hasSize(1);

    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isTrue();
  }

  @Test
  void stoppedIsBelievedAfterAStartThatFailed() {
    open(true);
    stage.journal.sessions().startAccepted(run, "op-1");
    stage.clusters.is(ClusterStatus.STOPPED).operationIs(true, Optional.of("quota"));

    assertThat(isDone()).isTrue();
  }

  @Test
  void stoppedIsNotBelievedRightAfterAStartWhoseAnswerWasLost() {
    open(true);
    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isFalse();

    stage.clock.pass(Duration.ofSeconds(61));
    assertThat(isDone()).isTrue();
  }

  @Test
  void deadlineIsAnAlarmAndTheStopStaysPending() {
    open(true);
    assertThat(isDone()).isFalse();
    stage.clusters.is(ClusterStatus.STOPPING);
    stage.clock.pass(Duration.ofMinutes(20));
    assertThat(isDone()).isFalse();
    stage.clock.pass(Duration.ofSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isDone)
        .withMessageContaining("not stopped within 20m, its status is STOPPING")
        .withMessageContaining("caravan.cluster.main.stop-timeout")
        .withMessageContaining("stop it in the Yandex Cloud console");
    assertThat(session().stopPending()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT7H", "PT-90M"})
  void noStepOfTheDateEndsTheWaitForTheStopOrLengthensIt(Duration step) {
    open(true);
    assertThat(isDone()).isFalse();
    stage.clusters.is(ClusterStatus.STOPPING);
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(19));
    assertThat(isDone()).isFalse();
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(2));

    assertThatExceptionOfType(FatalException.class).isThrownBy(this::isDone);
  }

  @Test
  void shutdownAsksAndDoesNotAwaitTheEnd() {
    open(true);
    stage.whileStopping();

    assertThat(isDone()).isTrue();

    assertThat(stops()).hasSize(1);
    assertThat(session().stopPending()).as("the cloud hasn't confirmed").isTrue();
  }

  @Test
  void shutdownDoesNotTakeARefusalForAStop() {
    open(true);
    stage.clusters.stopsFail(new RetryableException("UNAVAILABLE"));
    stage.whileStopping();

    assertThat(isDone()).isFalse();
    assertThat(isDone()).isFalse();

    assertThat(stops()).hasSize(2);
  }
}
