package dev.caravan.routes.check;

import java.time.Duration;
import java.time.Instant;

/** Compares our clock with that of a server. */
final class ClockSkew {
  /** Below that neither a signature nor an output's age is mistaken. */
  private static final Duration HARMLESS = Duration.ofSeconds(10);

  /** S3 refuses what is signed a quarter of an hour off; outputs look stale long before. */
  private static final Duration HARMFUL = Duration.ofMinutes(5);

  private ClockSkew() {}

  /**
   * @param asked when the request was sent, by our clock
   * @param answered when its answer was there
   * @param date the server's time, in whole seconds
   */
  static Finding of(String server, Instant asked, Instant answered, Instant date) {
    Duration skew = Duration.ZERO;
    if (date.plusSeconds(1).isBefore(asked)) {
      skew = Duration.between(date.plusSeconds(1), asked);
    } else if (date.isAfter(answered)) {
      skew = Duration.between(date, answered);
    }
    Duration amount = skew.abs();
    if (amount.compareTo(HARMLESS) < 0) {
      return Finding.ok(
          Finding.Group.CLOCK,
          server,
          "Our clock and its agree within %d s.".formatted(HARMLESS.toSeconds()));
    }
    String sentence =
        "Our clock is %d s %s its. Outputs are told from old ones by it, and S3 and the cloud refuse requests of another time: let this machine get its time by NTP."
            .formatted(amount.toSeconds(), skew.isNegative() ? "behind" : "ahead of");
    return amount.compareTo(HARMFUL) < 0
        ? Finding.warning(Finding.Group.CLOCK, server, "this machine's clock", sentence)
        : Finding.fault(Finding.Group.CLOCK, server, "this machine's clock", sentence);
  }
}
