package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.Cause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A pipeline on a logical date, in one of its attempts. Everything a run does outside is keyed by
 * this, never by the time of day.
 *
 * @param id {@code pipeline/date/attempt}
 * @param clusterId the cluster it was claimed for; empty for runs of the time before it was kept
 * @param afresh whether jobs that an earlier attempt of the date has verified are done once more
 * @param startedAt when this attempt was first claimed (UTC); while it is queued, when it was
 *     queued
 * @param outcome how it is to end once its cluster is stopped; written before the stop, so that a
 *     process that takes the run up then only stops
 * @param failure why it failed, was skipped or cancelled
 * @param cause why it is wanted; empty for runs that came by no queue
 * @param dueAt since when it is wanted: its slot, or when it was asked for
 * @param askedBy who asked for it by hand or by a backfill
 * @param cancelRequest who asked for the end of this running run, and why
 */
public record Run(
    String id,
    String pipeline,
    LocalDate logicalDate,
    int attempt,
    Optional<String> clusterId,
    boolean afresh,
    RunState state,
    Optional<RunState> outcome,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> failure,
    Optional<Cause> cause,
    Optional<Instant> dueAt,
    Optional<String> askedBy,
    Optional<Long> backfillId,
    Optional<String> cancelRequest) {}
