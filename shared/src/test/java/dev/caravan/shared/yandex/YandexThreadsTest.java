package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.settings.HostAndPort;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for whom, and what is left at the end. */
class YandexThreadsTest {
  private static final String ID = "c9q1";
  private static final int SECONDS = 20;

  @TempDir private Path directory;

  private YandexEmulator cloud;
  private YandexClusters clusters;
  private ExecutorService callers;

  @BeforeEach
  void start() {
    cloud = YandexEmulator.builder(directory).cluster(ID).build();
    HostAndPort address = HostAndPort.parse(cloud.address());
    clusters =
        YandexClusters.connect(
            new YandexSettings(
                address,
                address,
                address,
                Optional.of(cloud.certificate()),
                new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey()),
                Duration.ofSeconds(SECONDS)),
            Clock.systemUTC());
    callers = Executors.newCachedThreadPool();
  }

  @AfterEach
  void stop() {
    callers.shutdownNow();
    clusters.close();
    cloud.close();
  }

  /** The SDK's own factory hangs for ever here if the machine has few processors. */
  @ParameterizedTest
  @ValueSource(ints = {2, 64})
  void manyCallsPassWhileTheTokenIsBeingFetched(int threads) throws Exception {
    cloud.script().delay(Rpc.CREATE_TOKEN, Duration.ofMillis(500));
    ExecutorService few = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Cluster>> looks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        looks.add(few.submit(() -> clusters.look(ID)));
      }
      for (Future<Cluster> look : looks) {
        assertThat(look.get(SECONDS, TimeUnit.SECONDS).status()).isEqualTo(ClusterStatus.STOPPED);
      }
    } finally {
      few.shutdownNow();
    }
    assertThat(cloud.calls(Rpc.CREATE_TOKEN)).hasSize(1);
    assertThat(cloud.calls(Rpc.GET_CLUSTER)).hasSize(200);
  }

  @Test
  void interruptedCallEndsAtOnceAndMayBeTriedAgain() {
    clusters.look(ID);
    cloud.script().hang(Rpc.GET_CLUSTER, 1);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Future<Cluster> look =
        callers.submit(
            () -> {
              try {
                return clusters.look(ID);
              } finally {
                stillInterrupted.set(Thread.currentThread().isInterrupted());
              }
            });
    // Before the cloud has it, the interrupted call could leave the hanging to the next one.
    await().until(() -> cloud.calls(Rpc.GET_CLUSTER).size() == 2);
    callers.shutdownNow();
    assertThatThrownBy(() -> look.get(SECONDS / 2, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RetryableException.class);
    assertThat(stillInterrupted).isTrue();
    assertThat(clusters.look(ID).status()).isEqualTo(ClusterStatus.STOPPED);
  }

  @Test
  void closingBreaksOffWhatHangs() {
    clusters.look(ID);
    cloud.script().hang(Rpc.GET_CLUSTER, 1);
    Future<Cluster> look = callers.submit(() -> clusters.look(ID));
    await().until(() -> cloud.calls(Rpc.GET_CLUSTER).size() == 2);
    Instant before = Instant.now();
    clusters.close();
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThatThrownBy(() -> look.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closedClientSaysSo() {
    clusters.close();
    clusters.close();
    assertThatThrownBy(() -> clusters.start(ID))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("has been closed");
    assertThat(cloud.calls()).isEmpty();
  }

  @Test
  void closingWhileTheTokenIsBeingFetchedEndsAllThreads() {
    cloud.script().hang(Rpc.CREATE_TOKEN, 1);
    Future<Cluster> look = callers.submit(() -> clusters.look(ID));
    await().until(() -> cloud.calls(Rpc.CREATE_TOKEN).size() == 1);
    clusters.close();
    assertThatThrownBy(() -> look.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(FatalException.class);
    cloud.close(); // it shares gRPC's threads with us
    await().atMost(Duration.ofSeconds(SECONDS)).until(() -> ourThreads().isEmpty());
  }

  private static List<String> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("caravan-yandex") || name.startsWith("grpc-"))
        .toList();
  }
}
