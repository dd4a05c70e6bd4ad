package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterHealth;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LastResortTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private Journal journal;

  @BeforeEach
  void oweAStop() {
    journal = Journal.open(JournalConfig.of("jdbc:h2:mem:last-resort"), Clock.systemUTC());
    Claim.Taken claim =
        (Claim.Taken) journal.claims().claim("p", LocalDate.of(2026, 11, 21), "c", false);
    journal.sessions().open(claim.run(), "c", true);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private LastResort begin(ClusterStatus status, Supplier<Optional<String>> foreignWork) {
    Clusters clusters =
        new Clusters() {
          @Override
          public Cluster look(String clusterId) {
            looks.incrementAndGet();
            return new Cluster(clusterId, status, ClusterHealth.ALIVE);
          }

          @Override
          public Operation start(String clusterId) {
            throw new IllegalStateException("nothing is started in a shutdown");
          }

          @Override
          public Operation stop(String clusterId) {
            stops.incrementAndGet();
            return new Operation("op", false, Optional.empty());
          }

          @Override
          public Operation operation(String operationId) {
            throw new IllegalStateException("not asked for");
          }

          @Override
          public Optional<String> masterHost(String clusterId) {
            return Optional.empty();
          }

          @Override
          public void close() {}
        };
    return LastResort.begin(
        journal,
        clusters,
        "c",
        () -> {
          questions.incrementAndGet();
          return foreignWork.get();
        },
        Duration.ZERO,
        ElapsedClock.of(Clock.systemUTC()));
  }

  @Test
  void stopsAClusterThatIsOwedAndOnWhichNobodyElseWorks() {
    try (LastResort resort = begin(ClusterStatus.RUNNING, Optional::empty)) {
      await().atMost(BOUND).until(() -> stops.get() == 1);
    }
  }

  @Test
  void leavesAClusterToTheOthersWhoWorkOnIt() {
    LastResort resort = begin(ClusterStatus.RUNNING, () -> Optional.of("others work on it"));
    await().atMost(BOUND).until(() -> questions.get() == 1);
    await().atMost(BOUND).until(resort::isOver);
    assertThat(stops).hasValue(0);
    resort.close();
  }

  @Test
  void anEndpointThatHangsDoesNotKeepTheClusterRunning() {
    CountDownLatch never = new CountDownLatch(1);
    Supplier<Optional<String>> hanging =
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.of("too late");
        };
    try (LastResort resort = begin(ClusterStatus.RUNNING, hanging)) {
      await().atMost(BOUND).until(() -> stops.get() == 1);
    } finally {
      never.countDown();
    }
  }

  @Test
  void aClusterThatIsStoppedMayStillComeUpFromAStartWhoseAnswerIsNotKnown() throws Exception {
    LastResort resort = begin(ClusterStatus.STOPPED, Optional::empty);
    await().atMost(BOUND).until(() -> looks.get() >= 2);
    assertThat(resort.isOver()).isFalse();
    assertThat(stops).hasValue(0);
    resort.close();
    await().atMost(BOUND).until(resort::isOver);
  }

  @Test
  void aClusterThatComesUpHasNoWorkToAskFor() {
    try (LastResort resort = begin(ClusterStatus.STARTING, () -> Optional.of("others"))) {
      await().atMost(BOUND).until(() -> stops.get() == 1);
    }
    assertThat(questions).hasValue(0);
  }
}
