package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.yandex.ClusterBody;
import dev.caravan.cloud.yandex.StatusChange;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.processors.ClusterConfig.StopPolicy;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.cost.ClusterCost;
import dev.caravan.processors.cost.MonthCost;
import dev.caravan.processors.cost.Prices;
import dev.caravan.processors.cost.Rate;
import dev.caravan.processors.cost.SessionCost;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.TestRuns;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.yandex.YandexClusters;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ledger of a month against what the cluster really was in it: the steps and the client are the
 * real ones, the cloud is emulated, and its clock is moved by the test.
 */
@Tag("slow")
class MonthLedgerTest {
  private static final YearMonth MONTH = YearMonth.of(2026, 11);

  /** A second costs one. */
  private static final Prices PRICES = new Prices("RUB", Rate.parse("3600"), Rate.NONE, Rate.NONE);

  /** A look comes this much after what it sees, as in a poll. */
  private static final Duration LOOK = Duration.ofMillis(700);

  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  @RegisterExtension final Stage stage = new Stage();
  @TempDir private Path directory;
  private final Semaphore machine = new Semaphore(0);
  private YandexEmulator cloud;
  private YandexClusters clusters;

  /** It is up, and down, when the test says so. */
  private final ClusterBody body =
      new ClusterBody() {
        @Override
        public void start() throws InterruptedException {
          machine.acquire();
        }

        @Override
        public void stop() throws InterruptedException {
          machine.acquire();
        }

        @Override
        public boolean alive() {
          return true;
        }
      };

  @BeforeEach
  void connect() throws IOException {
    stage.clock.set(Instant.parse("2026-11-01T01:00:00Z"));
    cloud =
        YandexEmulator.builder(directory)
            .cluster(stage.clusterId)
            .master("127.0.0.1")
            .startTakes(Duration.ZERO)
            .healthTakes(Duration.ZERO)
            .stopTakes(Duration.ZERO)
            .body(body)
            .clock(stage.clock)
            .build();
    Path token = Files.writeString(directory.resolve("token"), cloud.oauthToken());
    HostAndPort address = HostAndPort.parse(cloud.address());
    clusters =
        YandexClusters.connect(
            new YandexSettings(
                address,
                address,
                address,
                Optional.of(cloud.certificate()),
                // A token of the service account's key would be of the machine's time.
                new YandexCredentials.OAuthTokenFile(token),
                Duration.ofSeconds(10)),
            stage.clock);
    stage.endpoint.answers(200, "{\"ready\":true,\"lapsed\":true,\"foreignApplications\":[]}");
  }

  @AfterEach
  void disconnect() {
    clusters.close();
    cloud.close();
  }

  private void pass(long seconds) {
    stage.clock.pass(Duration.ofSeconds(seconds));
  }

  private void awaitStatus(String status) {
    await().until(() -> cloud.status().name().equals(status));
    stage.clock.pass(LOOK);
  }

  private Run claim(int day) {
    stage.clock.set(MONTH.atDay(day).atTime(1, 0).toInstant(java.time.ZoneOffset.UTC));
    stage.exchange = new DefaultExchange(stage.camel);
    stage.use(
        new MasterEndpoint(
            clusters,
            stage.clusterId,
            new EndpointConfig(
                "http", Optional.empty(), stage.endpoint.uri().getPort(), Duration.ofMinutes(10))));
    LocalDate date = MONTH.atDay(day).minusDays(1);
    Run run = TestRuns.claim(stage.journal, stage.pipeline, date, stage.clusterId, false);
    stage.context().claimed(run);
    return run;
  }

  private boolean isReady() {
    new StartCluster(stage.journal, clusters).process(stage.exchange);
    new AwaitCluster(stage.journal, clusters, stage.clock).process(stage.exchange);
    return stage.context().session().clusterReady();
  }

  private boolean isStopped() {
    new StopCluster(stage.journal, clusters, stage.clock).process(stage.exchange);
    return stage.context().session().clusterStopped();
  }

  /** The cluster is up after so many seconds. */
  private Run start(int day, long seconds) {
    Run run = claim(day);
    assertThat(isReady()).isFalse();
    assertThat(cloud.status()).hasToString("STARTING");
    pass(seconds);
    machine.release();
    awaitStatus("RUNNING");
    await().until(this::isReady);
    return run;
  }

  private void job(Run run, long seconds) {
    stage.journal.jobs().submitting(run, "mart", attempt -> "key-" + run.id() + attempt);
    pass(seconds);
  }

  /** The cluster is down after so many seconds. */
  private void stop(Run run, RunState state, long seconds) {
    assertThat(isStopped()).isFalse();
    assertThat(cloud.status()).hasToString("STOPPING");
    down(seconds);
    await().until(this::isStopped);
    TestRuns.end(stage.journal, run, state, Optional.empty());
  }

  private void down(long seconds) {
    pass(seconds);
    machine.release();
    awaitStatus("STOPPED");
  }

  private void night(int day, long start, long job, long stop) {
    Run run = start(day, start);
    job(run, job);
    stop(run, RunState.SUCCEEDED, stop);
  }

  private void reconcile() {
    new StopForgottenClusters(
            stage.journal,
            clusters,
            stage.clusters(StopPolicy.OURS),
            () -> List.of(stage.pipeline),
            stage.clock)
        .process(new DefaultExchange(stage.camel));
  }

  /** The process dies while a job runs; another one stops the cluster minutes later. */
  private void nightOfACrash(int day) {
    Run run = start(day, 401);
    job(run, 777);
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("lost"));
    pass(93);
    reconcile();
    assertThat(cloud.status()).hasToString("STOPPING");
    down(221);
    reconcile();
    assertThat(stage.journal.sessions().owesStop(stage.clusterId)).isFalse();
  }

  /** Somebody stops the cluster in the console. */
  private void nightOfAStopByHand(int day) {
    Run run = start(day, 390);
    job(run, 120);
    cloud.script().stoppedBySomebody();
    down(180);
    await().until(this::isStopped);
    TestRuns.end(stage.journal, run, RunState.FAILED, Optional.of("it was stopped"));
  }

  /** How long the cluster really was neither stopped nor there, for each time it was up. */
  private List<Duration> uptimes() {
    List<Duration> uptimes = new ArrayList<>();
    Optional<Instant> up = Optional.empty();
    for (StatusChange change : cloud.timeline(stage.clusterId)) {
      boolean stopped = change.status().name().equals("STOPPED");
      if (!stopped && up.isEmpty()) {
        up = Optional.of(change.at());
      } else if (stopped && up.isPresent()) {
        uptimes.add(Duration.between(up.get(), change.at()));
        up = Optional.empty();
      }
    }
    return uptimes;
  }

  @Test
  void ledgerOfAMonthAddsUpToWhatTheClusterReallyWas() {
    night(1, 433, 3_001, 207);
    night(2, 512, 0, 198);
    nightOfACrash(5);
    nightOfAStopByHand(9);
    night(17, 399, 12_345, 250);
    night(30, 444, 60, 201);

    Instant now = stage.clock.instant();
    List<SessionCost> ledger =
        MonthCost.read(stage.journal.history(), MONTH, now).on(stage.clusterId, PRICES);
    List<Duration> truth = uptimes();
    assertThat(truth).hasSize(6);
    assertThat(ledger).hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      assertThat(ledger.get(i).total().time())
          .as("session " + i)
          .isCloseTo(truth.get(i), TOLERANCE);
      assertThat(
              ledger.get(i).runs().stream()
                  .map(SessionCost.RunShare::amount)
                  .reduce(BigDecimal.ZERO, BigDecimal::add))
          .as("its runs bear it")
          .isEqualByComparingTo(ledger.get(i).total().amount());
    }
    ClusterCost month = new ClusterCost(PRICES, MONTH, now, ledger);
    Duration all = truth.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(month.used().time()).isCloseTo(all, TOLERANCE.multipliedBy(truth.size()));
    assertThat(month.used().amount().doubleValue())
        .as("at one a second")
        .isCloseTo(all.toMillis() / 1_000.0, within((double) truth.size()));
  }
}
