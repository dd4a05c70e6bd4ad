package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterSecondsTest {
  private static final String CLUSTER = "c9qtable";
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final LocalDate SECOND = FIRST.plusDays(1);

  private final MutableClock clock = new MutableClock(Instant.parse("2026-01-05T03:00:00Z"));
  private final Journal journal =
      Journal.open(JournalConfig.of("jdbc:h2:mem:cluster-seconds"), clock);

  @AfterEach
  void close() {
    journal.close();
  }

  private Run claim(LocalDate... dates) {
    return ((Claim.Taken) journal.claims().claim("marts", List.of(dates), CLUSTER, false)).run();
  }

  private void sees(Run run, String status, int seconds) {
    journal.statuses().seen(run, status);
    clock.pass(Duration.ofSeconds(seconds));
  }

  private Run ended(Run run) {
    journal.runs().end(run, RunState.SUCCEEDED, Optional.empty());
    return journal.runs().find(run.id()).orElseThrow();
  }

  /** A session of one date: the cluster runs for so many seconds. */
  private Run alone(LocalDate date, int seconds) {
    Run run = claim(date);
    journal.sessions().open(run, CLUSTER, true);
    sees(run, "RUNNING", seconds);
    journal.sessions().stopped(run);
    Run ended = ended(run);
    journal.claims().endSession(CLUSTER);
    return ended;
  }

  private String seconds(Run run, Run... shown) {
    return ClusterSeconds.of(journal, run, List.of(shown));
  }

  @Test
  void runOfItsOwnSessionTellsTheTimeOfItsCluster() {
    Run run = alone(FIRST, 30);

    assertThat(seconds(run, run)).isEqualTo("\ncluster seconds: RUNNING 30.0\n");
  }

  @Test
  void runsOfOneSessionTellItsTimeOnceWithTheLast() {
    Run first = claim(FIRST, SECOND);
    journal.sessions().open(first, CLUSTER, true);
    sees(first, "STARTING", 10);
    sees(first, "RUNNING", 20);
    first = ended(first);
    Run second = ((Claim.Taken) journal.claims().claimNext("marts", SECOND, CLUSTER, false)).run();
    sees(second, "RUNNING", 30);
    sees(second, "STOPPING", 5);
    journal.sessions().stopped(second);
    second = ended(second);

    assertThat(seconds(first, first, second)).isEmpty();
    assertThat(seconds(second, first, second))
        .isEqualTo(
            "\ncluster seconds of these 2 runs: STARTING 10.0, RUNNING 50.0, STOPPING 5.0\n");
    assertThat(seconds(first, first)).contains("cluster seconds: ", "RUNNING 50.0");
  }

  @Test
  void runsOfTwoSessionsTellEachTheirOwn() {
    Run first = alone(FIRST, 30);
    Run second = alone(SECOND, 40);

    assertThat(seconds(first, first, second)).isEqualTo("\ncluster seconds: RUNNING 30.0\n");
    assertThat(seconds(second, first, second)).isEqualTo("\ncluster seconds: RUNNING 40.0\n");
  }

  @Test
  void clusterThatNobodyLookedAtHasNoTime() {
    Run run = ended(claim(FIRST));

    assertThat(seconds(run, run)).isEmpty();
  }
}
