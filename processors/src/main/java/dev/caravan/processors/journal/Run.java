package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A pipeline on a logical date, in one of its attempts. Everything a run does outside is keyed by
 * this, never by the time of day.
 *
 * @param id {@code pipeline/date/attempt}
 * @param startedAt when this attempt was first claimed (UTC)
 */
public record Run(
    String id,
    String pipeline,
    LocalDate logicalDate,
    int attempt,
    RunState state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> failure) {}
