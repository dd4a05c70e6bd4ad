package dev.caravan.processors.journal;

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
 * @param startedAt when this attempt was first claimed (UTC)
 * @param outcome how it is to end once its cluster is stopped; written before the stop, so that a
 *     process that takes the run up then only stops
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
    Optional<String> failure) {}
