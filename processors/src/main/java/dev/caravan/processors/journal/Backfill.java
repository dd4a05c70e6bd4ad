package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Runs of a pipeline for past dates, asked for in one go.
 *
 * @param firstDate the earliest logical date that was asked for
 * @param lastDate the latest, included; dates in between may have been left out
 * @param newestFirst whether the latest date runs first
 * @param reason why it is paused, held or cancelled
 * @param askedBy who asked for it
 */
public record Backfill(
    long id,
    String pipeline,
    String clusterId,
    LocalDate firstDate,
    LocalDate lastDate,
    boolean newestFirst,
    BackfillState state,
    Optional<String> reason,
    String askedBy,
    Instant createdAt,
    Optional<Instant> endedAt) {}
