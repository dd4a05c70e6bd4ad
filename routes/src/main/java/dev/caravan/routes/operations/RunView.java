package dev.caravan.routes.operations;

import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.schedule.Cause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A run.
 *
 * @param id {@code pipeline/date/attempt}
 * @param cluster by its name in the settings, or else its id; empty in old runs
 * @param outcome how it is to end once its cluster is stopped
 * @param cause why it is wanted; empty for runs that came by no queue
 * @param askedBy who asked for it by hand or by a backfill
 * @param dueAt since when it is wanted
 * @param startedAt when it began; while it has not, when it was queued
 * @param failure why it failed, was skipped or cancelled
 * @param cancelRequest who asked for the end of this running run, and why
 */
public record RunView(
    String id,
    String pipeline,
    LocalDate date,
    int attempt,
    Optional<String> cluster,
    RunState state,
    Optional<RunState> outcome,
    Optional<Cause> cause,
    Optional<String> askedBy,
    Optional<Instant> dueAt,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> failure,
    Optional<Long> backfill,
    Optional<String> cancelRequest) {}
