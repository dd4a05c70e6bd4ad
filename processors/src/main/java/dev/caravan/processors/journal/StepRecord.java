package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A step that a run began.
 *
 * @param subject the job it is about, or empty text
 * @param endedAt when the next one began; empty: the run is in it, or its process died in it
 */
public record StepRecord(
    String runId, RunStep step, String subject, Instant begunAt, Optional<Instant> endedAt) {}
