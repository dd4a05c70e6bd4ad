package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StopForgottenClustersTest {
  @RegisterExtension final Stage stage = new Stage();
  private Run run;

  @BeforeEach
  void leaveAClusterBehind() {
    run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.statuses().seen(run, "RUNNING");
    stage.endpoint.answers(200, "{\"lapsed\":true,\"foreignApplications\":[]}");
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
  }

  private void ended() {
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("the stop failed for good"));
  }

  private void reconcile(StopPolicy policy) {
    new StopForgottenClusters(
            stage.journal,
            stage.clusters,
            stage.clusters(policy),
            () -> List.of(stage.pipeline),
            stage.clock)
        .process(stage.afterRestart());
  }

  private SessionState state() {
    return stage.journal.sessions().of(run).orElseThrow().state();
  }

  @ParameterizedTest
  @EnumSource(
      value = ClusterStatus.class,
      names = {"RUNNING", "ERROR", "STARTING", "CREATING", "UNKNOWN"})
  void isAskedToStopUntilItIsStopped(ClusterStatus status) {
    ended();
    stage.clusters.is(status);

    reconcile(StopPolicy.OURS);
    assertThat(stage.clusters.asked).containsExactly("stop " + stage.clusterId);
    assertThat(state()).isEqualTo(SessionState.STOP_ASKED);

    stage.clusters.is(ClusterStatus.STOPPING);
    reconcile(StopPolicy.OURS);
    assertThat(stage.clusters.asked).hasSize(1);

    stage.clusters.is(ClusterStatus.STOPPED);
    reconcile(StopPolicy.OURS);
    assertThat(state()).isEqualTo(SessionState.STOPPED);

    stage.clusters.is(ClusterStatus.RUNNING);
    reconcile(StopPolicy.OURS);
    assertThat(stage.clusters.asked).as("what runs now is none of ours").hasSize(1);
  }

  @Test
  void clusterOfARunThatLivesIsLeftAlone() {
    new StopForgottenClusters(
            stage.journal,
            stage.clusters,
            stage.clusters(StopPolicy.OURS),
            () -> List.of(stage.pipeline),
            stage.clock)
        .process(stage.exchange);

    assertThat(stage.clusters.asked).isEmpty();
  }

  @Test
  void clusterThatANewRunNeedsIsLeftToIt() {
    ended();
    TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE.plusDays(1), stage.clusterId, false);

    reconcile(StopPolicy.OURS);

    assertThat(stage.clusters.asked).isEmpty();
  }

  @Test
  void clusterThatWasFoundRunningIsNotOurs() {
    stage.journal.sessions().stopped(run);
    stage.journal.sessions().open(run, stage.clusterId, false);
    ended();

    reconcile(StopPolicy.OURS);

    assertThat(stage.clusters.asked).isEmpty();
  }

  @Test
  void refusalIsTriedAgainAtTheNextCallAndHoldsNothing() {
    ended();
    stage.clusters.stopsFail(new FatalException("PERMISSION_DENIED: no"));
    reconcile(StopPolicy.OURS);
    stage.clusters.stopsFail(new RetryableException("UNAVAILABLE: busy"));
    reconcile(StopPolicy.OURS);
    stage.clusters.stopsSucceed();
    reconcile(StopPolicy.OURS);

    assertThat(stage.clusters.asked).hasSize(3);
    assertThat(
            stage
                .journal
                .claims()
                .claim(stage.pipeline, Stage.DATE.plusDays(1), stage.clusterId, false))
        .isInstanceOf(dev.caravan.processors.journal.Claim.Taken.class);
  }

  @Test
  void clusterOthersWorkOnIsLeftRunningUnlessItIsAlwaysStopped() {
    ended();
    stage.endpoint.answers(
        200,
        "{\"lapsed\":true,\"foreignApplications\":[{\"id\":\"application_1\",\"name\":\"shell\",\"user\":\"ann\"}]}");

    reconcile(StopPolicy.OURS);

    assertThat(stage.clusters.asked).isEmpty();
    assertThat(state()).isEqualTo(SessionState.LEFT_RUNNING);
  }

  @Test
  void clusterOfAnEarlierSettingIsNotStoppedUnderForeignBatchesEither() {
    Run elsewhere =
        TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE.plusDays(3), "c3", false);
    stage.journal.sessions().open(elsewhere, "c3", true);
    stage.journal.statuses().seen(elsewhere, "RUNNING");
    TestRuns.end(stage.journal, elsewhere, RunState.FAILED, Optional.of("its process died"));
    stage.endpointRuns(true, List.of(Stage.batch(0, "running", "by-hand")));

    reconcile(StopPolicy.OURS);
    assertThat(stage.clusters.asked).isEmpty();
    assertThat(stage.journal.sessions().of(elsewhere).orElseThrow().state())
        .isEqualTo(SessionState.LEFT_RUNNING);
  }

  @Test
  void policyAlwaysStopsWhateverOthersDo() {
    ended();
    stage.endpoint.answers(
        200,
        "{\"lapsed\":true,\"foreignApplications\":[{\"id\":\"application_1\",\"name\":\"shell\",\"user\":\"ann\"}]}");

    reconcile(StopPolicy.ALWAYS);

    assertThat(stage.clusters.asked).containsExactly("stop " + stage.clusterId);
  }

  @Test
  void startThatMayStillShowIsWaitedFor() {
    Run lost = TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE.plusDays(2), "c2", false);
    stage.journal.sessions().open(lost, "c2", true);
    TestRuns.end(stage.journal, lost, RunState.FAILED, Optional.of("its process died"));
    stage.clusters.is(ClusterStatus.STOPPED);

    reconcile(StopPolicy.OURS);
    assertThat(stage.journal.sessions().owesStop("c2")).isTrue();
    stage.clock.pass(Duration.ofMinutes(2));
    reconcile(StopPolicy.OURS);
    assertThat(stage.journal.sessions().owesStop("c2")).isFalse();
  }

  @Test
  void dateThatIsSetBackDoesNotKeepAStoppedClusterOwed() {
    Run lost = TestRuns.claim(stage.journal, stage.pipeline, Stage.DATE.plusDays(2), "c2", false);
    stage.journal.sessions().open(lost, "c2", true);
    TestRuns.end(stage.journal, lost, RunState.FAILED, Optional.of("its process died"));
    stage.clusters.is(ClusterStatus.STOPPED);
    StopForgottenClusters reconciler =
        new StopForgottenClusters(
            stage.journal,
            stage.clusters,
            stage.clusters(StopPolicy.OURS),
            () -> List.of(stage.pipeline),
            stage.clock);
    stage.clock.step(Duration.ofMinutes(-90));
    reconciler.process(stage.exchange);
    assertThat(stage.journal.sessions().owesStop("c2")).isTrue();

    stage.clock.pass(Duration.ofMinutes(2));
    reconciler.process(stage.exchange);
    assertThat(stage.journal.sessions().owesStop("c2")).isFalse();
  }
}
