package dev.caravan.shared;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The system time, for records, and a monotonic time that starts with this clock, for measuring
 * durations. A change of the system time does not affect the monotonic time. Events of another
 * process are known only by their system time. For use by many threads.
 */
public abstract class ElapsedClock extends Clock {

  /** The time since this clock began; never goes back. */
  public abstract Duration elapsed();

  /**
   * Converts a system time to a time of {@link #elapsed}, based on the current system time; a time
   * in the future counts as now. Negative if it was before this clock began.
   */
  public final Duration elapsedAt(Instant past) {
    Duration age = Duration.between(past, instant());
    return age.isNegative() ? elapsed() : elapsed().minus(age);
  }

  /** A clock with these dates, and the machine's monotonic time unless it has one of its own. */
  public static ElapsedClock of(Clock dates) {
    return dates instanceof ElapsedClock both ? both : new Machine(dates);
  }

  /**
   * A clock that begins with the date and then runs with {@link #elapsed}, so that a change of the
   * system time does not affect durations measured with it. Use the system time for what people
   * read.
   */
  public final Clock steady() {
    return new Steady(this, instant().minus(elapsed()));
  }

  private static final class Steady extends Clock {
    private final ElapsedClock clock;
    private final Instant begin;

    private Steady(ElapsedClock clock, Instant begin) {
      this.clock = clock;
      this.begin = begin;
    }

    @Override
    public Instant instant() {
      return begin.plus(clock.elapsed());
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

  private static final class Machine extends ElapsedClock {
    private final Clock dates;
    private final long beginNanos = System.nanoTime();

    private Machine(Clock dates) {
      this.dates = dates;
    }

    @Override
    public Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    @Override
    public Instant instant() {
      return dates.instant();
    }

    @Override
    public ZoneId getZone() {
      return dates.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return dates.withZone(zone);
    }
  }
}
