package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the journal says of a pipeline when its slots are planned.
 *
 * @param plannedUntil the slots up to this instant are decided; empty for a new pipeline
 * @param pause empty unless the pipeline is paused
 * @param open the queued and running runs, without those of backfills: scheduled runs go before a
 *     backfill, and never cancel it
 * @param settled whether a logical date has a run that is open, of a backfill or not, or that
 *     succeeded; asked only for dates that are due
 */
public record DueLook(
    Optional<Instant> plannedUntil,
    Instant now,
    Optional<PipelinePause> pause,
    List<OpenRun> open,
    Predicate<LocalDate> settled) {}
