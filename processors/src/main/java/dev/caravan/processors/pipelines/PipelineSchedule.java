package dev.caravan.processors.pipelines;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.DoneBy;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slots;
import dev.caravan.processors.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When a pipeline runs and for which date; either a cron expression or a period is set.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param every the period, 1 s to 366 d
 * @param zone of the cron expression and of the logical date
 * @param catchUpWindow how far back dates are caught up
 * @param late a run that was due this long ago and has not begun is late; empty: none ever is
 * @param doneBy the time of day, in the zone, by which a date's run is to have succeeded; empty:
 *     nobody waits for it
 */
public record PipelineSchedule(
    Optional<String> cron,
    Optional<Duration> every,
    ZoneId zone,
    DateRule date,
    CatchUp catchUp,
    Duration catchUpWindow,
    Overlap overlap,
    Optional<Duration> late,
    Optional<LocalTime> doneBy) {

  public PipelineSchedule {
    if (cron.isPresent() == every.isPresent()) {
      throw new IllegalArgumentException("A schedule has either a cron expression or a period.");
    }
  }

  /** What the planner works with. */
  public Timetable timetable() {
    return new Timetable(
        cron.map(expression -> Slots.cron(expression, zone))
            .orElseGet(() -> Slots.every(every.orElseThrow(), zone)),
        date.daysBefore(),
        catchUp,
        catchUpWindow,
        overlap,
        late,
        doneBy.map(time -> new DoneBy(time, zone)));
  }

  /** The logical date of a run that begins then. */
  public LocalDate dateAt(Instant begin) {
    return date.of(LocalDate.ofInstant(begin, zone));
  }
}
