package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * The time of day by which people expect a date's run to have succeeded.
 *
 * @param zone the schedule's
 */
public record DoneBy(LocalTime time, ZoneId zone) {
  /**
   * A date that falls due.
   *
   * @param deadline when its run is to have succeeded (UTC)
   */
  public record DueDate(LocalDate date, Instant deadline) {}

  /**
   * The first time after the slot that a clock in the zone shows {@link #time}. A clock change
   * never brings it forward: a time that the clocks skip comes as much later as they skip, and of a
   * time that they repeat the second one counts.
   *
   * @param slot the first of its date
   */
  Instant deadline(Slot slot) {
    LocalDateTime sameDay = slot.date().atTime(time);
    LocalDateTime local = sameDay.isAfter(slot.local()) ? sameDay : sameDay.plusDays(1);
    return local.atZone(zone).withLaterOffsetAtOverlap().toInstant();
  }

  /** As the pipeline's file has it, with the zone. */
  @Override
  public String toString() {
    return time + " " + zone;
  }
}
