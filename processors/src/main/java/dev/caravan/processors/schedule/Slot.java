package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * A time at which a pipeline falls due.
 *
 * @param at when it comes (UTC)
 * @param local the date and time that the schedule's calendar means, in the schedule's zone. It
 *     differs from the local time of {@code at} where a clock change leaves the meant time out.
 */
public record Slot(Instant at, LocalDateTime local) {
  /** The calendar date that the slot belongs to. */
  public LocalDate date() {
    return local.toLocalDate();
  }
}
