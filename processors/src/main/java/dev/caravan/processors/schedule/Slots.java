package dev.caravan.processors.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The slots of a schedule, in order: by {@link Slot#at()}, then {@link Slot#local()}. They have no
 * beginning, since a backfill goes back to before the pipeline's time. Immutable; may be used from
 * any thread.
 */
public sealed interface Slots permits CronSlots, EverySlots {
  /**
   * The slots of a cron expression. A slot is a date and time of the zone's calendar, and each
   * comes once, whatever the clocks do:
   *
   * <ul>
   *   <li>A time that the clocks skip comes at the first instant after the gap. Times of one date
   *       that meet at this instant are one slot, the latest of them: an hourly schedule has one
   *       slot at 03:00 when 02:00 is skipped. Times of two dates that meet there (Samoa skipped a
   *       whole day) remain two slots, so that each date has its own.
   *   <li>A time that the clocks repeat comes the first time only, for an hourly schedule, too: it
   *       pauses for the repeated hour. A schedule that must tick each elapsed hour is {@link
   *       #every}.
   * </ul>
   *
   * @param expression five UNIX fields: minute, hour, day of month, month, day of week; a time
   *     matches if either of the two day fields does when both are given
   * @throws IllegalArgumentException if the expression can't be read or never comes
   */
  static Slots cron(String expression, ZoneId zone) {
    return CronSlots.of(expression, zone);
  }

  /**
   * The slots at a fixed distance in elapsed time, counted from the zone's midnight of 1970-01-01:
   * every 15 minutes come at the full quarters. 24 hours are 24 elapsed hours whatever the clocks
   * do, so that the local time moves with them, and near midnight a date may have no slot or two.
   * One run for each date is a matter of {@link #cron}.
   *
   * @param period one second or longer
   * @param zone of the slots' local dates
   * @throws IllegalArgumentException if the period is shorter
   */
  static Slots every(Duration period, ZoneId zone) {
    return new EverySlots(period, zone);
  }

  /** The first {@code n} slots after an instant. */
  List<Slot> next(Instant after, int n);

  /** The latest slot at an instant or before it. */
  Optional<Slot> latest(Instant upTo);

  /** The latest slot of an earlier date. */
  Optional<Slot> latestBefore(LocalDate date);

  /** The first slot of a date; empty if the date has none. */
  Optional<Slot> firstOn(LocalDate date);

  /** Whether the schedule has a slot on a date. */
  default boolean isOn(LocalDate date) {
    return latestBefore(date.plusDays(1)).filter(slot -> slot.date().equals(date)).isPresent();
  }
}
