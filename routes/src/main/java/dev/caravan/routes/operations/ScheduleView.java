package dev.caravan.routes.operations;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import java.time.Duration;
import java.util.Optional;

/**
 * When a pipeline runs; either a cron expression or a period is set.
 *
 * @param date which logical date a run is for: {@code today}, {@code yesterday}, {@code -2d}
 * @param late a run that has been queued this long is late; empty: none ever is
 * @param doneBy the time of day by which a date's run is to have succeeded, such as {@code 07:00}
 */
public record ScheduleView(
    Optional<String> cron,
    Optional<Duration> every,
    String zone,
    String date,
    CatchUp catchUp,
    Duration catchUpWindow,
    Overlap overlap,
    Optional<Duration> late,
    Optional<String> doneBy) {}
