package dev.caravan.processors.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * When a pipeline falls due, and what is done with what does.
 *
 * @param daysBefore the logical date of a slot is its date less this many days
 * @param catchUpWindow a missed slot older than this is never caught up
 * @param late a run that has been queued this long and has not begun is late; empty: none ever is
 */
public record Timetable(
    Slots slots,
    int daysBefore,
    CatchUp catchUp,
    Duration catchUpWindow,
    Overlap overlap,
    Optional<Duration> late) {

  /** The same with another catch-up, as a person asks for at the end of a pause. */
  public Timetable withCatchUp(CatchUp other) {
    return new Timetable(slots, daysBefore, other, catchUpWindow, overlap, late);
  }

  /** Whether it has a slot for this logical date. */
  public boolean hasDate(LocalDate date) {
    return slots.isOn(date.plusDays(daysBefore));
  }

  /** The latest logical date whose slot has come by then; empty if none has. */
  public Optional<LocalDate> latestDate(Instant upTo) {
    return slots.latest(upTo).map(slot -> slot.date().minusDays(daysBefore));
  }
}
