package dev.caravan.endpoint;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock for measuring: it begins with the machine's and then runs with {@link System#nanoTime},
 * so that no step of the machine's clock shortens or lengthens a wait. What people are to read
 * comes from the machine's clock itself.
 */
final class SteadyClock extends Clock {
  private final Instant begin;
  private final long beginNanos = System.nanoTime();

  /** Begins with what the machine's clock says now. */
  SteadyClock(Clock machine) {
    this.begin = machine.instant();
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(System.nanoTime() - beginNanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
