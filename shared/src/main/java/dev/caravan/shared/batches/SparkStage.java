package dev.caravan.shared.batches;

import java.time.Instant;
import java.util.Optional;

/**
 * An attempt of a stage of a Spark application, as {@code GET /batches/N/stages} tells it.
 *
 * @param id counts from 0 in the application
 * @param attempt counts from 0
 * @param name what Spark calls it: the call and its place in the job's source
 * @param submittedAt empty if it was skipped
 * @param tasks of which it consists
 * @param failure why it failed
 */
public record SparkStage(
    int id,
    int attempt,
    String name,
    Optional<Instant> submittedAt,
    Optional<Instant> completedAt,
    int tasks,
    Optional<String> failure) {}
