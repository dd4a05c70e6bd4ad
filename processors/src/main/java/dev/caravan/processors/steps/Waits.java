package dev.caravan.processors.steps;

import dev.caravan.shared.ElapsedClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When each wait of an exchange began, as a time of {@link ElapsedClock#elapsed}. Not for use by
 * several threads at a time.
 *
 * @param <K> what is waited for
 */
final class Waits<K> {
  private final Map<K, Duration> begins = new HashMap<>();

  /** Whether this wait has begun. */
  boolean isBegun(K wait) {
    return begins.containsKey(wait);
  }

  /**
   * When the wait began.
   *
   * @param begin counts on the first call: now, or, for what began before, {@link
   *     ElapsedClock#elapsedAt}; from then on no date counts
   */
  Duration since(K wait, Duration begin) {
    Duration earlier = begins.putIfAbsent(wait, begin);
    return earlier == null ? begin : earlier;
  }

  /** The next look begins these waits anew. */
  @SafeVarargs
  final void forget(K... waits) {
    for (K wait : waits) {
      begins.remove(wait);
    }
  }
}
