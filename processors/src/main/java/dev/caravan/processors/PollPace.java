package dev.caravan.processors;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait until the next status check: long while no change is expected, short near the
 * time at which a change usually happens.
 *
 * @param fast the shortest wait
 * @param slow the longest wait
 */
public record PollPace(Duration fast, Duration slow) {
  /** A look is due after this part of the distance to the expected moment. */
  private static final int PART_OF_DISTANCE = 5;

  /** Without experience, a look is due after this part of the time waited so far. */
  private static final int PART_OF_WAIT = 20;

  public PollPace {
    if (fast.compareTo(slow) > 0) {
      fast = slow;
    }
  }

  /**
   * The wait: a fifth of the distance to the expected moment, before and after it; without
   * experience a twentieth of the time waited so far, so that at most 5 % of it is wasted. Within
   * the bounds.
   *
   * @param elapsed waited so far
   * @param usual how long it usually takes
   */
  public Duration next(Duration elapsed, Optional<Duration> usual) {
    Duration wait =
        usual
            .map(expected -> expected.minus(elapsed).abs().dividedBy(PART_OF_DISTANCE))
            .orElse(elapsed.dividedBy(PART_OF_WAIT));
    if (wait.compareTo(fast) < 0) {
      return fast;
    }
    return wait.compareTo(slow) > 0 ? slow : wait;
  }
}
