package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartClusterTest {
  @RegisterExtension final Stage stage = new Stage();
  private StartCluster startCluster;
  private Run run;

  @BeforeEach
  void create() {
    startCluster = new StartCluster(stage.journal, stage.clusters);
    run = stage.claim();
  }

  private List<String> starts() {
    return stage.clusters.asked;
  }

  private ClusterSession session() {
    return stage.journal.sessions().of(run).orElseThrow();
  }

  /** As after the death of the process: the run is claimed again, by a new exchange. */
  private void crash() {
    stage.afterRestart();
    assertThat(stage.claim().id()).isEqualTo(run.id());
  }

  @Test
  void stoppedClusterIsStartedAndOurs() {
    startCluster.process(stage.exchange);

    assertThat(starts()).containsExactly("start " + stage.clusterId);
    assertThat(session().ours()).isTrue();
    assertThat(session().operationId()).contains("op-1");
    assertThat(session().openedAt()).isEqualTo(Stage.START);
  }

  @Test
  void traceOfTheSessionIsNamedAndStaysTheSameAfterACrash() {
    startCluster.process(stage.exchange);
    Optional<String> trace = RunContext.of(stage.exchange).session().traceId();
    assertThat(trace).isPresent().isEqualTo(stage.journal.traces().idOf(run));
    crash();
    startCluster.process(stage.exchange);
    assertThat(RunContext.of(stage.exchange).session().traceId()).isEqualTo(trace);
  }

  @Test
  void intentIsWrittenBeforeTheCloudIsAsked() {
    List<String> known = new ArrayList<>();
    ScriptedClusters watching =
        new ScriptedClusters() {
          @Override
          public dev.caravan.shared.cloud.Operation start(String clusterId) {
            ClusterSession intent = session();
            known.add(intent.ours() + " " + intent.operationId());
            return super.start(clusterId);
          }
        };

    new StartCluster(stage.journal, watching).process(stage.exchange);

    assertThat(known).containsExactly("true Optional.empty");
  }

  @Test
  void isNotAskedTwiceWhileTheCloudStillSaysStopped() {
    startCluster.process(stage.exchange);
    startCluster.process(stage.exchange);
    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "STARTING", "CREATING"})
  void clusterThatRunsAlreadyIsNeitherStartedNorOurs(ClusterStatus status) {
    stage.clusters.is(status);

    startCluster.process(stage.exchange);
    startCluster.process(stage.exchange);

    assertThat(starts()).isEmpty();
    assertThat(session().ours()).isFalse();
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_FOUND_RUNNING))
        .containsExactly(stage.clusterId);
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isFalse();
  }

  @Test
  void clusterThatRunsAlreadyIsOursIfTheSettingsSaySo() {
    stage.clusters.is(ClusterStatus.RUNNING);

    stage.use(ClusterConfig.StopPolicy.ALWAYS);
    new StartCluster(stage.journal, stage.clusters).process(stage.exchange);

    assertThat(starts()).isEmpty();
    assertThat(session().ours()).isTrue();
  }

  @Test
  void clusterThatAnEarlierRunLeftRunningIsOurs() {
    startCluster.process(stage.exchange);
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("the stop failed"));
    stage.clusters.is(ClusterStatus.RUNNING);
    stage.afterRestart();
    Run next = stage.claim();

    startCluster.process(stage.exchange);

    assertThat(next.id()).isNotEqualTo(run.id());
    assertThat(stage.journal.sessions().of(next).orElseThrow().ours()).isTrue();
    assertThat(starts()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"STARTING", "RUNNING"})
  void isNotStartedTwiceAfterACrashBetweenIntentAndAnswer(ClusterStatus status) {
    stage.clusters.startsFail(new RetryableException("DEADLINE_EXCEEDED"));
    startCluster.process(stage.exchange);
    crash();
    stage.clusters.is(status);

    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(1);
    assertThat(session().ours()).as("the stop is owed").isTrue();
  }

  @Test
  void startThatNeverReachedTheCloudIsAskedForAgain() {
    stage.clusters.startsFail(new RetryableException("UNAVAILABLE"));
    startCluster.process(stage.exchange);
    crash();

    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(2);
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_START_ASKED)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPING", "UNKNOWN"})
  void waitsWhileTheClusterIsOnItsWayDown(ClusterStatus status) {
    stage.clusters.is(status);
    startCluster.process(stage.exchange);
    assertThat(starts()).isEmpty();
    assertThat(stage.journal.sessions().of(run)).isEmpty();

    stage.clusters.is(ClusterStatus.STOPPED);
    startCluster.process(stage.exchange);
    assertThat(starts()).hasSize(1);
  }

  @Test
  void runThatDiedAfterItsStopStartsTheClusterAgain() {
    startCluster.process(stage.exchange);
    stage.journal.sessions().stopAsked(run);
    crash();
    stage.clusters.is(ClusterStatus.STOPPING);
    startCluster.process(stage.exchange);
    assertThat(starts()).hasSize(1);

    stage.clusters.is(ClusterStatus.STOPPED);
    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(2);
    assertThat(session().stopAskedAt()).isEmpty();
    assertThat(session().stopPending()).isFalse();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void runThatIsTakenUpWaitsForTheStartThatIsUnderWay() {
    startCluster.process(stage.exchange);
    crash();

    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(1);
  }

  @Test
  void runThatIsTakenUpStartsAClusterThatWasStoppedMeanwhile() {
    startCluster.process(stage.exchange);
    crash();
    stage.clusters.operationIs(true, Optional.empty());

    startCluster.process(stage.exchange);

    assertThat(starts()).hasSize(2);
    assertThat(session().ours()).isTrue();
  }

  @Test
  void brokenClusterIsNotStarted() {
    stage.clusters.is(ClusterStatus.ERROR);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> startCluster.process(stage.exchange))
        .withMessageContaining(stage.clusterId)
        .withMessageContaining("ERROR");
    assertThat(starts()).isEmpty();
  }

  @Test
  void nothingIsStartedOnAGuess() {
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE"));

    startCluster.process(stage.exchange);
    assertThat(starts()).isEmpty();
  }

  @Test
  void nothingIsStartedWithoutARunOrDuringAShutdown() {
    stage.whileStopping();
    assertThatExceptionOfType(java.util.concurrent.CancellationException.class)
        .isThrownBy(() -> startCluster.process(stage.exchange));
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> startCluster.process(stage.afterRestart()))
        .withMessageContaining("claimRun");
    assertThat(starts()).isEmpty();
  }
}
