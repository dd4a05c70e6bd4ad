package dev.caravan.processors.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * When a pipeline falls due, and what is done with what does.
 *
 * @param daysBefore the logical date of a slot is its date less this many days
 * @param catchUpWindow a missed slot older than this is never caught up
 * @param late a run that has been queued this long and has not begun is late; empty: none ever is
 * @param doneBy when a date's run is to have succeeded; empty: nobody waits for it
 */
public record Timetable(
    Slots slots,
    int daysBefore,
    CatchUp catchUp,
    Duration catchUpWindow,
    Overlap overlap,
    Optional<Duration> late,
    Optional<DoneBy> doneBy) {

  /** The same with another catch-up, as a person asks for at the end of a pause. */
  public Timetable withCatchUp(CatchUp other) {
    return new Timetable(slots, daysBefore, other, catchUpWindow, overlap, late, doneBy);
  }

  /** Whether it has a slot for this logical date. */
  public boolean hasDate(LocalDate date) {
    return slots.isOn(date.plusDays(daysBefore));
  }

  /** The latest logical date whose slot has come by then; empty if none has. */
  public Optional<LocalDate> latestDate(Instant upTo) {
    return slots.latest(upTo).map(slot -> slot.date().minusDays(daysBefore));
  }

  /**
   * The dates whose run is to have succeeded by a deadline in between, oldest first.
   *
   * @param upTo included
   * @param most how many; the latest are kept
   */
  public List<DoneBy.DueDate> deadlines(Instant after, Instant upTo, int most) {
    Deque<DoneBy.DueDate> found = new ArrayDeque<>();
    Optional<LocalDate> day =
        doneBy.isEmpty() ? Optional.empty() : slots.latest(upTo).map(Slot::date);
    while (day.isPresent() && found.size() < most) {
      Instant deadline = doneBy.get().deadline(slots.firstOn(day.get()).orElseThrow());
      if (!deadline.isAfter(after)) {
        break;
      }
      if (!deadline.isAfter(upTo)) {
        found.addFirst(new DoneBy.DueDate(day.get().minusDays(daysBefore), deadline));
      }
      day = slots.latestBefore(day.get()).map(Slot::date);
    }
    return List.copyOf(found);
  }
}
