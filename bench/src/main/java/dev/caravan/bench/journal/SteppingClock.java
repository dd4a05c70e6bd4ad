package dev.caravan.bench.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system time, some days ahead: what is due tomorrow can be planned now. One thread. */
final class SteppingClock extends Clock {
  private Duration ahead = Duration.ZERO;

  void step(Duration step) {
    ahead = ahead.plus(step);
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plus(ahead);
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
