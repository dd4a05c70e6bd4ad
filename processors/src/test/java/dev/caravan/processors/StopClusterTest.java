package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Operation;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    return new StopCluster(
        stage.journal, clusters, stage.otherWork(policy), stage.clusterConfig(policy), stage.clock);
  }

  private void open(boolean ours) {
    stage.journal.openSession(run, stage.clusterId, ours);
  }

  private boolean isDone() {
    stopCluster.process(stage.exchange);
    return stage.exchange.getProperty(Scope.CLUSTER_STOPPED, Boolean.class);
  }

  private ClusterSession session() {
    return stage.journal.session(run).orElseThrow();
  }

  private List<String> stops() {
    return stage.clusters.asked;
  }

  @Test
  void isAskedOnceAndDoneOnlyWhenTheCloudSaysStopped() {
    open(true);
    assertThat(isDone()).isFalse();
    assertThat(Scope.pause(stage.exchange)).isEqualTo(Duration.ofSeconds(2));
    assertThat(session().stopPending()).isTrue();

    stage.clusters.is(ClusterStatus.STOPPING);
    assertThat(isDone()).isFalse();
    assertThat(isDone()).isFalse();
    assertThat(stage.journal.owesStop(stage.clusterId)).isTrue();

    stage.clock.pass(Duration.ofMinutes(2));
    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(isDone()).isTrue();
    assertThat(Scope.pause(stage.exchange)).isZero();
    assertThat(stops()).containsExactly("stop " + stage.clusterId);
    assertThat(session().stopPending()).isFalse();
    assertThat(session().stoppedAt()).contains(Stage.START.plusSeconds(120));
    assertThat(stage.journal.owesStop(stage.clusterId)).isFalse();
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
    assertThat(stage.exchange.getProperty(Scope.CLUSTER_STOPPED))
        .as("the alarm looks at this")
        .isEqualTo(false);
    assertThat(session().stopPending()).isTrue();
    assertThat(stage.journal.owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void stoppedIsNotBelievedWhileAStartIsUnderWayOrJustDone() {
    open(true);
    stage.journal.startAccepted(run, "op-1");
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
    stage.journal.startAccepted(run, "op-1");
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
        .withMessageContaining("caravan.cluster.stop-timeout")
        .withMessageContaining("stop it in the Yandex Cloud console");
    assertThat(session().stopPending()).isTrue();
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
