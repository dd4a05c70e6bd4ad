package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.yandex.OperationFailure;
import dev.caravan.cloud.yandex.RecordedCall;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Operation;
import dev.caravan.shared.settings.HostAndPort;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the emulated API, over gRPC and TLS. */
@Tag("slow")
class YandexClustersTest {
  private static final String ID = "c9q1";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private YandexEmulator cloud;
  private YandexClusters clusters;

  @BeforeEach
  void start() {
    cloud = YandexEmulator.builder(directory).cluster(ID).master("rc1a-master.local").build();
    clusters = connect(TIMEOUT);
  }

  @AfterEach
  void stop() {
    clusters.close();
    cloud.close();
  }

  private YandexClusters connect(Duration timeout) {
    HostAndPort address = HostAndPort.parse(cloud.address());
    return YandexClusters.connect(
        new YandexSettings(
            address,
            address,
            address,
            Optional.of(cloud.certificate()),
            new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey()),
            timeout),
        Clock.systemUTC());
  }

  private static Status words(Status status) {
    return status.withDescription("the cloud's words");
  }

  @Test
  void clusterStartsAndStops() {
    assertThat(clusters.look(ID).status()).isEqualTo(ClusterStatus.STOPPED);

    Operation start = clusters.start(ID);
    assertThat(start.error()).isEmpty();
    await().until(() -> clusters.look(ID).isReady());
    assertThat(clusters.look(ID))
        .isEqualTo(new Cluster(ID, ClusterStatus.RUNNING, ClusterHealth.ALIVE));
    await().until(() -> clusters.operation(start.id()).done());

    Operation stop = clusters.stop(ID);
    await().until(() -> clusters.look(ID).status() == ClusterStatus.STOPPED);
    await().until(() -> clusters.operation(stop.id()).done());
    assertThat(clusters.operation(stop.id()).error()).isEmpty();
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).hasSize(1);
  }

  @Test
  void masterIsFoundOnALaterPage() {
    assertThat(clusters.masterHost(ID)).contains("rc1a-master.local");
    assertThat(cloud.calls(Rpc.LIST_HOSTS)).hasSize(2);
  }

  @Test
  void eachCallHasAnIdForTheCloudsSupport() {
    clusters.look(ID);
    clusters.look(ID);
    assertThat(cloud.calls(Rpc.GET_CLUSTER))
        .extracting(RecordedCall::requestId)
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @Test
  void unknownClusterIsSaid() {
    for (Runnable call :
        List.<Runnable>of(
            () -> clusters.look("c9q-other"),
            () -> clusters.start("c9q-other"),
            () -> clusters.stop("c9q-other"),
            () -> clusters.masterHost("c9q-other"))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(FatalException.class)
          .hasMessageContaining("NOT_FOUND: Cluster c9q-other not found")
          .hasMessageContaining("caravan.cluster.NAME.id");
    }
    assertThatThrownBy(() -> clusters.operation("op-other"))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("NOT_FOUND: Operation op-other not found");
  }

  @Test
  void stopOfAStoppedClusterAsksToLookAgain() {
    assertThatThrownBy(() -> clusters.stop(ID))
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("Stop of cluster " + ID)
        .hasMessageContaining("FAILED_PRECONDITION");
  }

  @Test
  void missingRoleIsNamed() {
    cloud.script().fail(Rpc.START_CLUSTER, words(Status.PERMISSION_DENIED), 1);
    assertThatThrownBy(() -> clusters.start(ID))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("PERMISSION_DENIED: the cloud's words")
        .hasMessageContaining("dataproc.editor")
        .hasMessageContaining(cloud.serviceAccountKey().toString());
  }

  @Test
  void failedCallsAreCountedByCallAndCode() {
    clusters.look(ID);
    assertThat(clusters.errors().counts().values()).containsOnly(0L);

    cloud.script().fail(Rpc.START_CLUSTER, words(Status.PERMISSION_DENIED), 1);
    assertThatThrownBy(() -> clusters.start(ID)).isInstanceOf(FatalException.class);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> clusters.look("c9q-other")).isInstanceOf(FatalException.class);
    }

    assertThat(clusters.errors().counts())
        .containsEntry(new CloudErrors.Failure(CloudCall.START, "PERMISSION_DENIED"), 1L)
        .containsEntry(new CloudErrors.Failure(CloudCall.LOOK, "NOT_FOUND"), 2L)
        .containsEntry(new CloudErrors.Failure(CloudCall.STOP, "UNAVAILABLE"), 0L);
  }

  @Test
  void callThatHadNoTokenIsCountedAsOne() {
    cloud.script().fail(Rpc.CREATE_TOKEN, words(Status.PERMISSION_DENIED), 1);
    assertThatThrownBy(() -> clusters.stop(ID)).hasMessageContaining("was not sent");
    assertThat(clusters.errors().counts())
        .containsEntry(new CloudErrors.Failure(CloudCall.STOP, CloudErrors.NO_TOKEN), 1L);
  }

  @Test
  void readsAreRepeatedWhileTheCloudIsUnavailable() {
    for (Rpc rpc : List.of(Rpc.GET_CLUSTER, Rpc.LIST_HOSTS, Rpc.GET_OPERATION)) {
      cloud.script().fail(rpc, words(Status.UNAVAILABLE), 2);
    }
    assertThat(clusters.look(ID).status()).isEqualTo(ClusterStatus.STOPPED);
    assertThat(clusters.masterHost(ID)).isPresent();
    String operation = clusters.start(ID).id();
    assertThat(clusters.operation(operation).id()).isEqualTo(operation);
    assertThat(cloud.calls(Rpc.GET_CLUSTER))
        .hasSize(3)
        .extracting(RecordedCall::requestId)
        .containsOnly(cloud.calls(Rpc.GET_CLUSTER).get(0).requestId());
    assertThat(cloud.calls(Rpc.GET_OPERATION)).hasSize(3);
  }

  @Test
  void readsAreGivenUpAfterFourTries() {
    cloud.script().fail(Rpc.GET_CLUSTER, words(Status.UNAVAILABLE), 100);
    assertThatThrownBy(() -> clusters.look(ID))
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("Look at cluster " + ID)
        .hasMessageContaining("UNAVAILABLE: the cloud's words");
    assertThat(cloud.calls(Rpc.GET_CLUSTER)).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED", "INTERNAL"})
  void startIsSentOnce(Status.Code code) {
    cloud.script().fail(Rpc.START_CLUSTER, words(code.toStatus()), 1);
    assertThatThrownBy(() -> clusters.start(ID)).hasMessageContaining(code + ": the cloud's words");
    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertThat(clusters.look(ID).status()).isEqualTo(ClusterStatus.STOPPED);
  }

  @Test
  void startAndStopWhoseAnswerIsLostAreSentOnceAndHaveHappened() {
    cloud.script().loseAnswer(Rpc.START_CLUSTER, 1).loseAnswer(Rpc.STOP_CLUSTER, 1);
    assertThatThrownBy(() -> clusters.start(ID)).isInstanceOf(RetryableException.class);
    await().until(() -> clusters.look(ID).isReady());
    assertThatThrownBy(() -> clusters.stop(ID)).isInstanceOf(RetryableException.class);
    await().until(() -> clusters.look(ID).status() == ClusterStatus.STOPPED);
    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
    assertThat(cloud.calls(Rpc.STOP_CLUSTER)).hasSize(1);
  }

  @Test
  void callThatHangsEndsAtItsDeadline() {
    cloud.script().hang(Rpc.GET_CLUSTER, 1).hang(Rpc.START_CLUSTER, 1);
    try (var hasty = connect(Duration.ofMillis(800))) {
      hasty.masterHost(ID); // a token, so that it is the call that hangs
      assertThatThrownBy(() -> hasty.look(ID))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("DEADLINE_EXCEEDED");
      assertThatThrownBy(() -> hasty.start(ID))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("DEADLINE_EXCEEDED");
    }
    assertThat(cloud.calls(Rpc.GET_CLUSTER)).hasSize(1);
    assertThat(cloud.calls(Rpc.START_CLUSTER)).hasSize(1);
  }

  @Test
  void errorOfAnOperationCarriesTheCloudsWords() {
    cloud.script().failNextOperation(OperationFailure.quotaExceeded());
    String operation = clusters.start(ID).id();
    await().until(() -> clusters.operation(operation).error().isPresent());
    assertThat(clusters.operation(operation).error())
        .contains("RESOURCE_EXHAUSTED: Quota limit compute.instanceCores.count exceeded");
  }

  @Test
  void statusAndHealthThatTheCloudAddsLaterAreUnknown() {
    cloud.script().reportStatus(42).reportHealth(43);
    assertThat(clusters.look(ID))
        .isEqualTo(new Cluster(ID, ClusterStatus.UNKNOWN, ClusterHealth.UNKNOWN));
  }
}
