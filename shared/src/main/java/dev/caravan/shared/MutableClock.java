package dev.caravan.shared;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock for tests: it stands still until a test moves its system time, with or without its
 * monotonic time. It is here and not in a test jar, because a build without tests has no test jar.
 */
public final class MutableClock extends ElapsedClock {
  private Instant now;
  private Duration elapsed = Duration.ZERO;

  public MutableClock(Instant now) {
    this.now = now;
  }

  public void set(Instant instant) {
    now = instant;
  }

  public void pass(Duration time) {
    now = now.plus(time);
    elapsed = elapsed.plus(time);
  }

  /** Sets the date by so much; no time passes. */
  public void step(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Duration elapsed() {
    return elapsed;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
