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
record EverySlots(Duration period, Instant start, ZoneId zone) implements Slots {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  EverySlots {
    if (period.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "A schedule can't come every " + period + "; the shortest is 1s.");
    }
  }

  @Override
  public Optional<Instant> first() {
    return Optional.of(start);
  }

  @Override
  public List<Slot> next(Instant after, int n) {
    long from = Math.max(0, latestIndex(after) + 1);
    return slots(from, from + n - 1);
  }

  @Override
  public List<Slot> between(Instant after, Instant upTo, int bound) {
    long last = latestIndex(upTo);
    return slots(
        Math.max(Math.max(0, latestIndex(after) + 1), last - Math.max(0, bound) + 1), last);
  }

  @Override
  public Optional<Slot> latest(Instant upTo) {
    long index = latestIndex(upTo);
    return index < 0 ? Optional.empty() : Optional.of(slot(index));
  }

  @Override
  public Optional<Slot> latestBefore(LocalDate date) {
    return latest(startOf(date).minusNanos(1));
  }

  @Override
  public boolean isOn(LocalDate date) {
    return period.compareTo(DAY) <= 0
        || !slot(latestIndex(startOf(date.plusDays(1)).minusNanos(1))).at().isBefore(startOf(date));
  }

  private Instant startOf(LocalDate date) {
    return date.atStartOfDay(zone).toInstant();
  }

  /** Of the latest slot at the instant or before it; negative before the first. */
  private long latestIndex(Instant upTo) {
    Duration elapsed = Duration.between(start, upTo);
    long index = elapsed.dividedBy(period);
    return period.multipliedBy(index).compareTo(elapsed) > 0 ? index - 1 : index;
  }

  private Slot slot(long index) {
    Instant at = start.plus(period.multipliedBy(index));
    return new Slot(at, LocalDateTime.ofInstant(at, zone));
  }

  private List<Slot> slots(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(this::slot).toList();
  }
}
