package dev.caravan.shared.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Slows down guessing of credentials: an address that sent wrong credentials {@value #MAX_FAILURES}
 * times within a minute is blocked until the minute is over. Correct credentials are rejected as
 * well, otherwise guessing would still work. Keeps a bounded number of addresses.
 */
final class Throttle {
  static final int MAX_FAILURES = 30;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MAX_ADDRESSES = 10_000;

  private final Clock clock;
  private final Map<String, Failures> byAddress = new ConcurrentHashMap<>();

  Throttle(Clock clock) {
    this.clock = clock;
  }

  boolean isShut(String address) {
    Failures failures = byAddress.get(address);
    return failures != null
        && failures.count() >= MAX_FAILURES
        && failures.since().plus(WINDOW).isAfter(clock.instant());
  }

  void failed(String address) {
    Instant now = clock.instant();
    if (byAddress.size() >= MAX_ADDRESSES) {
      byAddress.values().removeIf(failures -> !failures.since().plus(WINDOW).isAfter(now));
      if (byAddress.size() >= MAX_ADDRESSES) {
        byAddress.clear();
      }
    }
    byAddress.merge(
        address,
        new Failures(now, 1),
        (old, one) ->
            old.since().plus(WINDOW).isAfter(now)
                ? new Failures(old.since(), old.count() + 1)
                : one);
  }

  private record Failures(Instant since, int count) {}
}
