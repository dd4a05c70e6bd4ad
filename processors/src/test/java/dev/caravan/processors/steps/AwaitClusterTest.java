package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwaitClusterTest {
  @RegisterExtension final Stage stage = new Stage();
  private AwaitCluster awaitCluster;
  private Run run;

  @BeforeEach
  void create() {
    stage.context().session().settleStart();
    awaitCluster = awaiting(Optional.empty());
    run = stage.claim();
    stage.endpoint.answers(200, "{\"ready\":true}");
  }

  private void beforeTheStartIsSettled() {
    stage.exchange = new DefaultExchange(stage.camel);
    stage.use(stage.master(Optional.empty()));
    stage.context().claimed(run);
  }

  private AwaitCluster awaiting(Optional<String> host) {
    stage.use(stage.master(host));
    return new AwaitCluster(stage.journal, stage.clusters, stage.clock);
  }

  private boolean isReady() {
    awaitCluster.process(stage.exchange);
    return stage.context().session().clusterReady();
  }

  private void startedByUs() {
    stage.journal.sessions().open(run, stage.clusterId, true);
    stage.journal.sessions().startAccepted(run, "op-1");
  }

  @Test
  void clusterIsNotUsedBeforeItIsKnownWhoseItIs() {
    beforeTheStartIsSettled();
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);

    assertThat(isReady()).isFalse();
  }

  @Test
  void isReadyOnceRunningAndAliveAndItsEndpointSaysSo() {
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);

    assertThat(isReady()).isTrue();

    assertThat(stage.context().session().endpoint()).isEqualTo(stage.endpoint.uri());
    assertThat(stage.context().session().pause()).isZero();
    assertThat(stage.events(run, RunEvent.Kind.ENDPOINT_READY))
        .containsExactly(stage.endpoint.uri().toString());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALIVE")
  void runningWithoutBeingAliveIsNotReady(ClusterHealth health) {
    stage.clusters.is(ClusterStatus.RUNNING, health);

    assertThat(isReady()).isFalse();
    assertThat(stage.context().session().pause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(stage.requests()).isEmpty();
  }

  @Test
  void aliveClusterWithAnEndpointThatIsNotReadyIsAwaited() {
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    stage.endpoint.answers(503, "{\"msg\":\"Spark is not there yet\"}");

    assertThat(isReady()).isFalse();
    assertThat(stage.context().session().findEndpoint()).isEmpty();

    stage.clock.pass(Duration.ofMinutes(10));
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofSeconds(1));
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("not ready within 10m")
        .withMessageContaining("Spark is not there yet")
        .withMessageContaining("caravan.cluster.main.endpoint.ready-timeout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT7H", "PT90M", "PT-90M"})
  void noStepOfTheDateEndsAWaitOrLengthensIt(Duration step) {
    startedByUs();
    stage.clusters.is(ClusterStatus.RUNNING);
    isReady();
    stage.clock.step(step);
    assertThat(isReady()).as("start and health").isFalse();
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    stage.endpoint.answers(503, "{\"msg\":\"not yet\"}");
    isReady();
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(9));
    assertThat(isReady()).as("readiness").isFalse();
    stage.clock.step(step);
    stage.clock.pass(Duration.ofMinutes(2));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("not ready within 10m");
  }

  /** As the route does it: start, look, and again. */
  private boolean goRound() {
    new StartCluster(stage.journal, stage.clusters).process(stage.exchange);
    return isReady();
  }

  private void foundRunning(ClusterStatus status) {
    beforeTheStartIsSettled();
    stage.clusters.is(status);
    assertThat(goRound()).isFalse();
    assertThat(stage.journal.sessions().of(run).orElseThrow().ours()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RUNNING", "STARTING"})
  void clusterThatIsStoppedUnderTheWaitIsStartedOnceAndIsOursThen(ClusterStatus found) {
    foundRunning(found);
    stage.clusters.is(ClusterStatus.STOPPING);
    assertThat(goRound()).isFalse();
    assertThat(goRound()).isFalse();
    assertThat(stage.clusters.asked).isEmpty();

    stage.clusters.is(ClusterStatus.STOPPED);
    assertThat(goRound()).isFalse();
    assertThat(goRound()).isFalse();
    assertThat(stage.clusters.asked).containsExactly("start " + stage.clusterId);
    assertThat(stage.journal.sessions().of(run).orElseThrow().ours()).isTrue();

    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    assertThat(goRound()).isTrue();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void clusterThatIsStoppedBetweenTwoLooksIsStarted() {
    foundRunning(ClusterStatus.RUNNING);
    stage.clusters.is(ClusterStatus.STOPPED);
    goRound();
    goRound();

    assertThat(stage.clusters.asked).containsExactly("start " + stage.clusterId);
  }

  @Test
  void startAfterSomebodysStopHasItsOwnDeadlines() {
    foundRunning(ClusterStatus.RUNNING);
    stage.clock.pass(Duration.ofMinutes(9));
    stage.clusters.is(ClusterStatus.STOPPED);
    goRound();
    goRound();
    stage.clock.pass(Duration.ofMinutes(29));
    stage.clusters.is(ClusterStatus.RUNNING);

    assertThat(goRound()).isFalse();
  }

  @Test
  void clusterThatIsStoppedAgainAndAgainIsNotStartedAgainAndAgain() {
    foundRunning(ClusterStatus.RUNNING);
    stage.clusters.is(ClusterStatus.STOPPED);
    goRound();
    goRound();
    stage.clusters.operationIs(true, Optional.empty()).is(ClusterStatus.RUNNING);
    goRound();
    stage.clusters.is(ClusterStatus.STOPPED);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::goRound)
        .withMessageContaining("somebody stopped it");
    assertThat(stage.clusters.asked).hasSize(1);
  }

  @Test
  void clusterThatOthersStopAndStartInTurnEndsTheRun() {
    foundRunning(ClusterStatus.RUNNING);
    stage.clusters.is(ClusterStatus.STOPPING);
    goRound();
    stage.clusters.is(ClusterStatus.RUNNING);
    goRound();
    stage.clusters.is(ClusterStatus.STOPPED);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::goRound)
        .withMessageContaining("stopped twice");
    assertThat(stage.clusters.asked).isEmpty();
  }

  @Test
  void endpointsTimeBeginsWhenTheClusterIsAlive() {
    stage.clusters.is(ClusterStatus.STARTING);
    stage.endpoint.answers(503, "{\"msg\":\"not yet\"}");
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(25));
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(9));
    assertThat(isReady()).isFalse();
  }

  @Test
  void masterWithoutANameIsAwaitedUntilTheDeadline() {
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE).masterIs(Optional.empty());
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(11));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("the cloud names no master host");
  }

  @Test
  void configuredHostIsUsedWithoutAskingTheCloud() {
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE).masterIs(Optional.empty());
    awaitCluster = awaiting(Optional.of("localhost"));

    assertThat(isReady()).isTrue();
    assertThat(stage.context().session().endpoint().getHost()).isEqualTo("localhost");
  }

  @Test
  void errorEndsTheWaitAtOnce() {
    stage.clusters.is(ClusterStatus.ERROR);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("is in status ERROR");
  }

  @Test
  void failedStartEndsTheWaitWithTheCloudsWords() {
    startedByUs();
    stage.clusters.operationIs(false, Optional.of("RESOURCE_EXHAUSTED: quota of cores exceeded"));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("did not start")
        .withMessageContaining("RESOURCE_EXHAUSTED: quota of cores exceeded");
  }

  private void startedByThisProcess() {
    beforeTheStartIsSettled();
    stage.clusters.is(ClusterStatus.STOPPED).operationIs(true, Optional.empty());
    goRound();
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
  }

  private void goesDown() {
    for (ClusterStatus status :
        new ClusterStatus[] {
          ClusterStatus.STOPPING, ClusterStatus.STOPPED, ClusterStatus.STOPPED
        }) {
      stage.clusters.is(status);
      assertThat(goRound()).isFalse();
    }
  }

  private void stopsItself(String why) {
    stage.endpoint.answers(
        503, "{\"msg\":\"This cluster is being stopped\",\"stopping\":\"" + why + "\"}");
  }

  /** Its process came back after the lease had lapsed, or was asleep for as long. */
  @Test
  void clusterThatStopsItselfSinceItsLeaseLapsedIsStartedAgain() {
    startedByThisProcess();
    stopsItself("lease-lapsed");
    assertThat(goRound()).isFalse();
    stage.endpoint.answers(502, "<html>nobody is there any more</html>");
    assertThat(goRound()).isFalse();
    goesDown();

    assertThat(stage.clusters.asked)
        .containsExactly("start " + stage.clusterId, "start " + stage.clusterId);
    stage.endpoint.answers(200, "{\"ready\":true}");
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    assertThat(goRound()).isTrue();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void clusterOfAnEarlierProcessThatGoesDownIsStartedAgain() {
    beforeTheStartIsSettled();
    startedByUs();
    stage.journal.statuses().seen(run, "RUNNING");
    stage.clusters.is(ClusterStatus.RUNNING).operationIs(true, Optional.empty());
    assertThat(goRound()).isFalse();
    goesDown();

    assertThat(stage.clusters.asked).containsExactly("start " + stage.clusterId);
  }

  /** It was stopped by its lease meanwhile, and the cloud didn't hear of the new start yet. */
  @Test
  void clusterOfAnEarlierProcessIsNotJudgedBeforeItsNewStartIsAskedFor() {
    beforeTheStartIsSettled();
    startedByUs();
    stage.journal.statuses().seen(run, "RUNNING");
    stage.clusters.is(ClusterStatus.STOPPED).operationIs(true, Optional.empty());

    assertThat(isReady()).isFalse();
    assertThat(goRound()).isFalse();
    assertThat(stage.clusters.asked).containsExactly("start " + stage.clusterId);
  }

  @Test
  void clusterThatStopsItselfTwiceEndsTheRun() {
    startedByThisProcess();
    stopsItself("lease-lapsed");
    goRound();
    goesDown();
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.ALIVE);
    goRound();
    stage.clusters.is(ClusterStatus.STOPPING);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::goRound)
        .withMessageContaining("stopped twice");
  }

  @Test
  void greatestAgeIsNotStretchedByAnotherStart() {
    startedByThisProcess();
    stopsItself("max-age");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::goRound)
        .withMessageContaining("can't take jobs")
        .withMessageContaining("is being stopped");
    assertThat(stage.context().session().loss()).isPresent();
  }

  @Test
  void clusterThatSomebodyStoppedIsNotAwaitedForHalfAnHour() {
    startedByThisProcess();
    stage.journal.statuses().seen(run, "RUNNING");
    stage.clusters.is(ClusterStatus.STOPPING).operationIs(true, Optional.empty());

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("somebody stopped it");
  }

  @ParameterizedTest
  @EnumSource(
      value = ClusterStatus.class,
      names = {"STOPPED", "STOPPING"})
  void statusThatIsBehindItsStartIsGivenAMinute(ClusterStatus status) {
    startedByUs();
    stage.clusters.is(status).operationIs(true, Optional.empty());
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofSeconds(59));
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("somebody stopped it");
  }

  @Test
  void clusterThatHasNotYetHeardOfItsStartIsNotTakenForAStoppedOne() {
    startedByUs();
    stage.clusters.is(ClusterStatus.STOPPED).operationIs(false, Optional.empty());

    assertThat(isReady()).isFalse();
  }

  @Test
  void deadlineEndsTheWait() {
    stage.clusters.is(ClusterStatus.STARTING);
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(30));
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("not ready within 30m")
        .withMessageContaining("its status is STARTING, its health UNKNOWN")
        .withMessageContaining("caravan.cluster.main.start-timeout");
  }

  @Test
  void clusterThatRunsAndNeverGetsAliveEndsTheWaitByADeadlineOfItsOwn() {
    stage.clusters.is(ClusterStatus.RUNNING, ClusterHealth.DEAD);
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(10));
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("is RUNNING, but its health was DEAD instead of ALIVE for 10m")
        .withMessageContaining("caravan.cluster.main.alive-timeout");
  }

  @Test
  void lookThatFailsIsNotAFailedCluster() {
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE"));

    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(30));
    assertThat(isReady()).isFalse();
  }

  @Test
  void looksThatFailUntilTheDeadlineEndTheWaitWithTheirReason() {
    stage.clusters.looksFail(new RetryableException("UNAVAILABLE: try later"));
    assertThat(isReady()).isFalse();
    stage.clock.pass(Duration.ofMinutes(30).plusSeconds(1));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isReady)
        .withMessageContaining("not ready within 30m")
        .withMessageContaining("UNAVAILABLE: try later");
  }

  @Test
  void eachChangeOfStatusIsRecordedOnce() {
    for (ClusterStatus status :
        new ClusterStatus[] {
          ClusterStatus.STOPPED, ClusterStatus.STARTING, ClusterStatus.STARTING
        }) {
      stage.clusters.is(status);
      isReady();
    }
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_STATUS))
        .containsExactly("STOPPED", "STARTING");
  }
}
