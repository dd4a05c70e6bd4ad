package dev.caravan.routes.operations;

import dev.caravan.processors.journal.RunStep;
import java.time.Instant;
import java.util.Optional;

/**
 * A step that a run began.
 *
 * @param subject the job it is about, or empty text
 * @param endedAt empty: the run is in it, or its process died in it
 */
public record StepView(RunStep step, String subject, Instant begunAt, Optional<Instant> endedAt) {}
