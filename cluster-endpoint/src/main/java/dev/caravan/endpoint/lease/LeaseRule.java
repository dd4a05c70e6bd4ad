package dev.caravan.endpoint.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides when the cluster must be stopped. A pure function of the time and what was observed. All
 * times are of a monotonic clock that begins with this endpoint, so that a jump of the machine's
 * clock neither shortens nor lengthens a lease:
 *
 * <ul>
 *   <li>the cluster is idle when no lease lives and nothing runs on it;
 *   <li>it is to be stopped once it has been idle for the grace time without a break, and, if no
 *       lease was ever heard of since the endpoint's start, once the first one was waited for long
 *       enough;
 *   <li>running work takes precedence over an expired lease;
 *   <li>only the cluster's maximum age takes precedence over running work.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class LeaseRule {
  /**
   * The waits of the rule.
   *
   * @param grace idle for this long
   * @param first a first lease is waited for this long
   * @param maxAge empty: none
   * @param yarnBlind a YARN that can't be asked counts as busy for this long
   */
  record Waits(Duration grace, Duration first, Optional<Duration> maxAge, Duration yarnBlind) {}

  /** What was seen of the work on the cluster. */
  enum Seen {
    IDLE,
    BUSY,
    /** YARN did not answer. */
    UNKNOWN
  }

  /** What follows. */
  enum Verdict {
    STAY,
    /** Idle for too long. */
    STOP_IDLE,
    /** Too old, whatever runs. */
    STOP_OLD
  }

  private final Waits waits;
  private boolean leasedOnce;
  private Duration leasedUntil = Duration.ZERO;
  private Optional<Duration> idleSince = Optional.empty();
  private Optional<Duration> blindSince = Optional.empty();

  LeaseRule(Waits waits) {
    this.waits = waits;
  }

  /**
   * A lease that lives for this much longer. One that is read from disk counts the same, with what
   * is left of it by the machine's clock, and never more than its whole life.
   */
  void renewed(Duration now, Duration left) {
    leasedOnce = true;
    leasedUntil = now.plus(left);
    idleSince = Optional.empty();
  }

  boolean isLapsed(Duration now) {
    return now.compareTo(leasedUntil) >= 0;
  }

  /** What follows from a look at the cluster. */
  Verdict look(Duration now, Seen seen) {
    if (waits.maxAge().filter(age -> now.compareTo(age) >= 0).isPresent()) {
      return Verdict.STOP_OLD;
    }
    if (isBusy(now, seen) || !isLapsed(now)) {
      idleSince = Optional.empty();
      return Verdict.STAY;
    }
    Duration since = idleSince.orElse(now);
    idleSince = Optional.of(since);
    return now.compareTo(stopsAt(since)) >= 0 ? Verdict.STOP_IDLE : Verdict.STAY;
  }

  private boolean isBusy(Duration now, Seen seen) {
    if (seen != Seen.UNKNOWN) {
      blindSince = Optional.empty();
      return seen == Seen.BUSY;
    }
    Duration since = blindSince.orElse(now);
    blindSince = Optional.of(since);
    return now.minus(since).compareTo(waits.yarnBlind()) < 0;
  }

  private Duration stopsAt(Duration since) {
    Duration afterGrace = since.plus(waits.grace());
    return leasedOnce || afterGrace.compareTo(waits.first()) > 0 ? afterGrace : waits.first();
  }

  /** When it is to be stopped if nothing changes; empty while it is not idle. */
  Optional<Duration> stopsAt() {
    return idleSince.map(this::stopsAt);
  }
}
