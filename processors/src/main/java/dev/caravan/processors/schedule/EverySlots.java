package dev.caravan.processors.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Slots at a fixed distance, worked out and never walked through. */
record EverySlots(Duration period, ZoneId zone) implements Slots {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  EverySlots {
    if (period.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "A schedule can't come every " + period + "; the shortest is 1s.");
    }
  }

  @Override
  public List<Slot> next(Instant after, int n) {
    long from = latestIndex(after) + 1;
    return LongStream.range(from, from + n).mapToObj(this::slot).toList();
  }

  @Override
  public Optional<Slot> latest(Instant upTo) {
    return Optional.of(slot(latestIndex(upTo)));
  }

  @Override
  public Optional<Slot> latestBefore(LocalDate date) {
    return latest(startOf(date).minusNanos(1));
  }

  @Override
  public Optional<Slot> firstOn(LocalDate date) {
    return next(startOf(date).minusNanos(1), 1).stream()
        .filter(slot -> slot.date().equals(date))
        .findFirst();
  }

  private Instant startOf(LocalDate date) {
    return date.atStartOfDay(zone).toInstant();
  }

  /** Of the latest slot at the instant or before it; negative before 1970. */
  private long latestIndex(Instant upTo) {
    Duration elapsed = Duration.between(startOf(LocalDate.EPOCH), upTo);
    long index = elapsed.dividedBy(period);
    return period.multipliedBy(index).compareTo(elapsed) > 0 ? index - 1 : index;
  }

  private Slot slot(long index) {
    Instant at = startOf(LocalDate.EPOCH).plus(period.multipliedBy(index));
    return new Slot(at, LocalDateTime.ofInstant(at, zone));
  }
}
