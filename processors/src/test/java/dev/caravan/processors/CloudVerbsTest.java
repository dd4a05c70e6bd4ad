package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.yandex.HostAndPort;
import dev.caravan.processors.yandex.YandexClusters;
import dev.caravan.processors.yandex.YandexConfig;
import dev.caravan.processors.yandex.YandexCredentials;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of the cluster in a row, against the emulated API: what it is really asked for. */
class CloudVerbsTest {
  @RegisterExtension final Stage stage = new Stage();
  @TempDir private Path directory;
  private YandexEmulator cloud;
  private YandexClusters clusters;

  @BeforeEach
  void connect() {
    cloud = YandexEmulator.builder(directory).cluster(stage.clusterId).master("127.0.0.1").build();
    HostAndPort address = HostAndPort.parse(cloud.address());
    clusters =
        YandexClusters.connect(
            new YandexConfig(
                address,
                address,
                address,
                Optional.of(cloud.certificate()),
                new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey()),
                Duration.ofSeconds(30)),
            Clock.systemUTC());
    stage.endpoint.answers(200, "{\"ready\":true}");
  }

  @AfterEach
  void disconnect() {
    clusters.close();
    cloud.close();
  }

  private boolean isReady() {
    new StartCluster(stage.journal, clusters, stage.clusterConfig(StopPolicy.OURS))
        .process(stage.exchange);
    new AwaitCluster(
            stage.journal,
            clusters,
            stage.batches,
            stage.clusterConfig(StopPolicy.OURS),
            new MasterEndpoint(
                clusters,
                stage.clusterId,
                new EndpointConfig(
                    "http",
                    Optional.empty(),
                    stage.endpoint.uri().getPort(),
                    Duration.ofMinutes(10))),
            stage.clock)
        .process(stage.exchange);
    return stage.exchange.getProperty(Scope.CLUSTER_READY, Boolean.class);
  }

  private boolean isStopped() {
    new StopCluster(
            stage.journal,
            clusters,
            stage.otherWork(StopPolicy.OURS),
            stage.clusterConfig(StopPolicy.OURS),
            stage.clock)
        .process(stage.exchange);
    return stage.exchange.getProperty(Scope.CLUSTER_STOPPED, Boolean.class);
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
    assertThat(stage.journal.owesStop(stage.clusterId)).isFalse();
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
}
