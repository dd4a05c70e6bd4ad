package dev.caravan.processors.journal;

import dev.caravan.shared.batches.SparkStage;

/**
 * A Spark stage of an attempt of a job.
 *
 * @param attempt of the job
 */
public record JobStage(String job, int attempt, SparkStage stage) {}
