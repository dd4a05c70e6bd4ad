package dev.caravan.shared.yandex;

import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/**
 * When a token is fetched. The cloud advises to renew long before the end of a token's life (12 h
 * at most): here an hour before it, or at half of a short life.
 *
 * @param random 0 (included) to 1 (excluded), spreads the renewals of many clients
 */
record RenewalPlan(DoubleSupplier random) {
  private static final Duration LONGEST_LIFE = Duration.ofHours(12);
  private static final Duration MARGIN = Duration.ofHours(1);
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration FIRST_URGENT_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_URGENT_RETRY = Duration.ofSeconds(2);
  private static final Duration FIRST_QUIET_RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_QUIET_RETRY = Duration.ofMinutes(2);

  /** How long to use a token that lives so long: at most a tenth less than planned. */
  Duration renewal(Duration promised) {
    Duration life = promised.compareTo(LONGEST_LIFE) < 0 ? promised : LONGEST_LIFE;
    Duration half = life.dividedBy(2);
    Duration wait = life.minus(MARGIN.compareTo(half) < 0 ? MARGIN : half);
    Duration spread = spread(wait);
    return spread.compareTo(SOONEST) < 0 ? SOONEST : spread;
  }

  /** How long to wait after so many failures while the old token still serves. */
  Duration quietRetry(int failures) {
    return spread(doubled(FIRST_QUIET_RETRY, failures, LAST_QUIET_RETRY));
  }

  /** How long to wait yet, after so many failures, while a caller has no token at all. */
  Duration urgentRetry(int failures, Instant lastFailure, Instant now) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration pause = doubled(FIRST_URGENT_RETRY, failures, LAST_URGENT_RETRY);
    Duration left = Duration.between(now, lastFailure.plus(pause));
    // A clock set back must not make it longer.
    return left.isNegative() ? Duration.ZERO : left.compareTo(pause) > 0 ? pause : left;
  }

  private Duration spread(Duration wait) {
    return Duration.ofMillis((long) (wait.toMillis() * (1 - 0.1 * random.getAsDouble())));
  }

  private static Duration doubled(Duration first, int failures, Duration last) {
    Duration wait = first.multipliedBy(1L << Math.min(failures - 1, 16));
    return wait.compareTo(last) < 0 ? wait : last;
  }
}
