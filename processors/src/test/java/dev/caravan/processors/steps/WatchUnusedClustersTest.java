package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchUnusedClustersTest {
  private static final Duration BOUND = Duration.ofHours(1);

  @RegisterExtension final Stage stage = new Stage();
  private WatchUnusedClusters step;
  private int looks;

  @BeforeEach
  void create() {
    Clusters counted =
        (Clusters)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Clusters.class},
                (proxy, method, args) -> {
                  assertThat(method.getName())
                      .as("nothing else is asked of the cloud")
                      .isEqualTo("look");
                  looks++;
                  return stage.clusters.look((String) args[0]);
                });
    step =
        new WatchUnusedClusters(
            stage.journal, counted, stage.clusters(StopPolicy.OURS), stage.clock);
    stage.clusters.is(ClusterStatus.RUNNING);
  }

  private void watch() {
    step.process(new DefaultExchange(stage.camel));
  }

  private void watchFor(Duration time) {
    for (Duration gone = Duration.ZERO;
        gone.compareTo(time) < 0;
        gone = gone.plus(Duration.ofMinutes(1))) {
      stage.clock.pass(Duration.ofMinutes(1));
      watch();
    }
  }

  private List<AlarmKind> alarms() {
    return stage.journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().equals(stage.clusterId))
        .map(Alarm::kind)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = ClusterStatus.class,
      names = {"RUNNING", "STARTING", "CREATING", "ERROR"})
  void clusterThatIsUpForLongIsAnAlarmUntilItIsStopped(ClusterStatus status) {
    stage.clusters.is(status);
    watch();
    watchFor(BOUND.minusMinutes(1));
    assertThat(alarms()).isEmpty();
    watchFor(Duration.ofMinutes(10));
    assertThat(alarms()).containsExactly(AlarmKind.RUNNING_UNUSED);

    stage.clusters.is(ClusterStatus.STOPPING);
    watchFor(Duration.ofMinutes(5));
    assertThat(alarms()).hasSize(1);
    stage.clusters.is(ClusterStatus.STOPPED);
    watchFor(Duration.ofMinutes(1));
    assertThat(alarms()).isEmpty();

    stage.clusters.is(status);
    watchFor(BOUND);
    assertThat(alarms()).as("its time begins anew").isEmpty();
    watchFor(Duration.ofMinutes(1));
    assertThat(alarms()).containsExactly(AlarmKind.RUNNING_UNUSED);
  }

  @Test
  void oneLookAMinuteIsEnough() {
    for (int second = 0; second < 120; second++) {
      watch();
      stage.clock.pass(Duration.ofSeconds(1));
    }
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void sessionIsNoAlarmAndEndsOneAndIsNotLookedAt() {
    watch();
    watchFor(BOUND);
    assertThat(alarms()).hasSize(1);
    Run run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, false);
    assertThat(alarms()).isEmpty();

    looks = 0;
    watchFor(BOUND.multipliedBy(2));
    assertThat(looks).isZero();
    assertThat(alarms()).isEmpty();
  }

  @Test
  void sessionThatHasNotOpenedItsClusterYetIsOneToo() {
    stage.claim();
    watchFor(BOUND.multipliedBy(2));
    assertThat(looks).isZero();
  }

  @Test
  void stopThatIsOwedIsTheReconcilersToSee() {
    Run run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, true);
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("the stop failed for good"));
    stage.afterRestart();

    watchFor(BOUND.multipliedBy(2));
    assertThat(looks).isZero();
    assertThat(alarms()).isEmpty();
  }

  @Test
  void clusterThatIsLeftRunningIsToldOnce() {
    Run run = stage.claim();
    stage.journal.sessions().open(run, stage.clusterId, false);
    stage.journal.sessions().leftRunning(run, "it was running before");
    TestRuns.end(stage.journal, run, RunState.SUCCEEDED, Optional.empty());
    stage.afterRestart();

    watchFor(BOUND.multipliedBy(2));
    assertThat(looks).as("it is looked at").isPositive();
    assertThat(alarms()).containsExactly(AlarmKind.LEFT_RUNNING);
    stage.clusters.is(ClusterStatus.STOPPED);
    watchFor(Duration.ofMinutes(1));
    assertThat(alarms()).as("somebody has stopped it").isEmpty();
  }

  @Test
  void lookThatFailsSaysNothingOfTheCluster() {
    watch();
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE: busy"));
    watchFor(BOUND.dividedBy(2));
    stage.clusters.looksFail(new FatalException("PERMISSION_DENIED: no"));
    watchFor(BOUND);
    assertThat(alarms()).isEmpty();
    stage.clusters.is(ClusterStatus.RUNNING);
    watchFor(Duration.ofMinutes(1));
    assertThat(alarms()).hasSize(1);
  }

  @Test
  void unknownStatusIsNoReasonForAnAlarm() {
    stage.clusters.is(ClusterStatus.UNKNOWN);
    watchFor(BOUND.multipliedBy(2));
    assertThat(looks).isPositive();
    assertThat(alarms()).isEmpty();
  }
}
