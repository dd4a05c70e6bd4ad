package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.yandex.ClusterBody;
import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.yandex.YandexClusters;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verbs of the cluster in a row, against the emulated API: what it is really asked for. */
@Tag("slow")
class CloudVerbsTest {
  @RegisterExtension final Stage stage = new Stage();
  @TempDir private Path directory;
  private YandexEmulator cloud;
  private YandexClusters clusters;
  private volatile CompletableFuture<Void> goesDown = CompletableFuture.completedFuture(null);

  @BeforeEach
  void connect() {
    cloud =
        YandexEmulator.builder(directory)
            .cluster(stage.clusterId)
            .master("127.0.0.1")
            .body(new HeldBody())
            .build();
    HostAndPort address = HostAndPort.parse(cloud.address());
    clusters =
        YandexClusters.connect(
            new YandexSettings(
                address,
                address,
                address,
                Optional.of(cloud.certificate()),
                new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey()),
                Duration.ofSeconds(10)),
            Clock.systemUTC());
    stage.endpoint.answers(200, "{\"ready\":true}");
  }

  @AfterEach
  void disconnect() {
    clusters.close();
    cloud.close();
  }

  /** A cluster that, while {@link #goesDown} is not done, stays STOPPING. */
  private final class HeldBody implements ClusterBody {
    @Override
    public void start() {}

    @Override
    public void stop() throws Exception {
      goesDown.get(1, TimeUnit.MINUTES);
    }

    @Override
    public boolean alive() {
      return true;
    }
  }

  private boolean isReady() {
    stage.use(
        new MasterEndpoint(
            clusters,
            stage.clusterId,
            new EndpointConfig(
                "http", Optional.empty(), stage.endpoint.uri().getPort(), Duration.ofMinutes(10))));
    new StartCluster(stage.journal, clusters).process(stage.exchange);
    new AwaitCluster(stage.journal, clusters, stage.clock).process(stage.exchange);
    return stage.context().session().clusterReady();
  }

  private boolean isStopped() {
    stage.use(StopPolicy.OURS);
    new StopCluster(stage.journal, clusters, stage.clock).process(stage.exchange);
    return stage.context().session().clusterStopped();
  }

  @Test
  void oneStartAndAStopThatIsAskedForUntilTheCloudTakesIt() {
    Run run = stage.claim();

    await().until(this::isReady);
    cloud.script().fail(Rpc.STOP_CLUSTER, Status.UNAVAILABLE.withDescription("busy"), 2);
    await().until(this::isStopped);

    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).hasSize(3);
    assertThat(cloud.status()).hasToString("STOPPED");
    assertThat(stage.events(run, RunEvent.Kind.CLUSTER_STATUS))
        .startsWith("STOPPED")
        .contains("RUNNING")
        .endsWith("STOPPED");
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isFalse();
  }

  @Test
  void clusterThatSomebodyElseStartedIsUsedAndLeftRunning() {
    clusters.start(stage.clusterId);
    await().until(() -> clusters.look(stage.clusterId).isReady());
    stage.claim();

    await().until(this::isReady);
    await().until(this::isStopped);

    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).isEmpty();
    assertThat(cloud.status()).hasToString("RUNNING");
  }

  private void awaitStatus(String status) {
    await().until(() -> cloud.status().name().equals(status));
  }

  @Test
  void clusterOnItsWayDownIsStartedOnlyWhenItIsDown() {
    cloud.script().startedBySomebody();
    awaitStatus("RUNNING");
    goesDown = new CompletableFuture<>();
    cloud.script().stoppedBySomebody();
    awaitStatus("STOPPING");
    stage.claim();

    assertThat(isReady()).isFalse();
    assertThat(cloud.calls(Rpc.START_CLUSTER)).isEmpty();
    goesDown.complete(null);
    await().until(this::isReady);

    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
  }

  @Test
  void clusterThatSomebodyElseIsStartingIsUsedAndLeftRunning() {
    cloud.script().startTakes(Duration.ofMillis(500)).startedBySomebody();
    awaitStatus("STARTING");
    stage.claim();

    await().until(this::isReady);
    await().until(this::isStopped);

    assertThat(cloud.calls(Rpc.START_CLUSTER)).isEmpty();
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).isEmpty();
    assertThat(cloud.status()).hasToString("RUNNING");
  }

  static Stream<OperationFailure> failures() {
    return Stream.of(
        OperationFailure.quotaExceeded(),
        OperationFailure.noCapacity(),
        OperationFailure.noCapacity().beforeDone());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void refusedStartIsToldInTheCloudsWordsAtTheNextLook(OperationFailure failure) {
    cloud.script().failNextOperation(failure);
    stage.claim();

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(
            () -> {
              assertThat(isReady()).isFalse();
              // The cloud works on the operation in a thread of its own.
              await().until(this::isReady);
            })
        .withMessageContaining("did not start: the cloud says " + failure.code())
        .withMessageContaining(failure.message());

    await().until(this::isStopped);
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isFalse();
  }

  @Test
  void statusThatLagsBehindItsOperationIsWaitedFor() {
    cloud.script().startTakes(Duration.ofMillis(50)).reportLags(Duration.ofMillis(700));
    stage.claim();

    await().until(this::isReady);
    await().until(this::isStopped);

    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    // It may be asked again while it still shows as running; the cloud refuses what is under way.
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).isNotEmpty();
    assertThat(cloud.status()).hasToString("STOPPED");
  }

  @Test
  void statusThatNobodyKnowsIsNoReasonToActAndNoneToGiveUp() {
    cloud.script().reportStatus(99);
    stage.claim();
    assertThat(isReady()).isFalse();
    assertThat(isReady()).isFalse();
    assertThat(cloud.calls(Rpc.START_CLUSTER)).isEmpty();

    cloud.script().reportTruth();

    await().until(this::isReady);
    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
  }

  @Test
  void stopThatIsRefusedForNowIsAskedForAgain() {
    stage.claim();
    await().until(this::isReady);
    cloud
        .script()
        .fail(Rpc.STOP_CLUSTER, Status.FAILED_PRECONDITION.withDescription("is starting"), 3);

    await().until(this::isStopped);

    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).hasSize(4);
  }

  @Test
  void stopThatHangsEndsAtItsDeadlineAndStaysOwed() {
    stage.claim();
    await().until(this::isReady);
    cloud.script().stopTakes(Duration.ofHours(1));
    assertThat(isStopped()).isFalse();
    stage.clock.pass(Duration.ofMinutes(21));

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(this::isStopped)
        .withMessageContaining("was not stopped within 20m, its status is STOPPING");

    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isTrue();
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).hasSize(1);
  }

  @Test
  void tokenThatIsNoLongerGoodIsReplacedInTheMiddleOfARun() {
    stage.claim();
    await().until(this::isReady);
    cloud.script().revokeTokens();

    await().until(this::isStopped);

    assertThat(cloud.status()).hasToString("STOPPED");
  }

  @Test
  void cloudThatIsAwayForTenMinutesIsWaitedFor() {
    stage.claim();
    assertThat(isReady()).isFalse();
    for (Rpc rpc : List.of(Rpc.GET_CLUSTER, Rpc.GET_OPERATION)) {
      cloud.script().fail(rpc, Status.UNAVAILABLE.withDescription("maintenance"), 1000);
    }
    for (int minute = 0; minute < 10; minute += 5) {
      stage.clock.pass(Duration.ofMinutes(5));
      assertThat(isReady()).isFalse();
    }
    cloud.script().answerNormally();

    await().until(this::isReady);
    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
  }
}
