package dev.caravan.endpoint.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.endpoint.lease.LeaseRule.Seen;
import dev.caravan.endpoint.lease.LeaseRule.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseRuleTest {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration FIRST = Duration.ofMinutes(30);
  private static final Duration BLIND = Duration.ofMinutes(20);

  private final LeaseRule rule = rule(Optional.empty());
  private Duration now = Duration.ZERO;

  private static LeaseRule rule(Optional<Duration> maxAge) {
    return new LeaseRule(new LeaseRule.Waits(GRACE, FIRST, maxAge, BLIND));
  }

  private Verdict after(int minutes, Seen seen) {
    now = now.plusMinutes(minutes);
    return rule.look(now, seen);
  }

  @Test
  void stopsWhenNobodyRenewedAndNothingRanForTheGraceTime() {
    rule.renewed(now, Duration.ofMinutes(5));

    assertThat(after(5, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(rule.isLapsed(now)).isTrue();
    assertThat(rule.stopsAt()).contains(Duration.ofMinutes(15));
    assertThat(after(9, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(1, Seen.IDLE)).isEqualTo(Verdict.STOP_IDLE);
  }

  @Test
  void renewalBeginsTheGraceAnew() {
    rule.renewed(now, Duration.ofMinutes(5));
    after(5, Seen.IDLE);
    after(9, Seen.IDLE);
    rule.renewed(now, Duration.ofMinutes(5));

    assertThat(rule.stopsAt()).isEmpty();
    assertThat(after(5, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(9, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(1, Seen.IDLE)).isEqualTo(Verdict.STOP_IDLE);
  }

  @Test
  void whatRunsWinsOverALapsedLease() {
    rule.renewed(now, Duration.ofMinutes(1));
    for (int hour = 0; hour < 100; hour++) {
      assertThat(after(60, Seen.BUSY)).isEqualTo(Verdict.STAY);
    }

    assertThat(after(0, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(9, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(1, Seen.IDLE)).isEqualTo(Verdict.STOP_IDLE);
  }

  @Test
  void onlyTheGreatestAgeWinsOverWhatRuns() {
    LeaseRule bounded = rule(Optional.of(Duration.ofHours(2)));
    bounded.renewed(Duration.ofMinutes(119), Duration.ofHours(1));

    assertThat(bounded.look(Duration.ofMinutes(119), Seen.BUSY)).isEqualTo(Verdict.STAY);
    assertThat(bounded.look(Duration.ofMinutes(120), Seen.BUSY)).isEqualTo(Verdict.STOP_OLD);
  }

  @Test
  void firstLeaseIsWaitedForLongerThanAnother() {
    assertThat(after(0, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(29, Seen.IDLE)).isEqualTo(Verdict.STAY);
    assertThat(after(1, Seen.IDLE)).isEqualTo(Verdict.STOP_IDLE);
  }

  @Test
  void yarnThatDoesNotAnswerIsBusyForABoundedTime() {
    rule.renewed(now, Duration.ofMinutes(1));

    assertThat(after(5, Seen.UNKNOWN)).isEqualTo(Verdict.STAY);
    assertThat(after(19, Seen.UNKNOWN)).isEqualTo(Verdict.STAY);
    assertThat(rule.stopsAt()).isEmpty();
    assertThat(after(1, Seen.UNKNOWN)).isEqualTo(Verdict.STAY);
    assertThat(after(10, Seen.UNKNOWN)).isEqualTo(Verdict.STOP_IDLE);
  }

  @Test
  void answerOfYarnEndsTheBlindness() {
    rule.renewed(now, Duration.ofMinutes(1));
    after(5, Seen.UNKNOWN);
    after(19, Seen.BUSY);

    assertThat(after(19, Seen.UNKNOWN)).isEqualTo(Verdict.STAY);
    assertThat(after(19, Seen.UNKNOWN)).isEqualTo(Verdict.STAY);
  }
}
