package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobState;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt of a job, and its batch at the endpoint.
 *
 * @param attempt counts the attempts of the job for the logical date, over all runs of the date; 0
 *     if it was never submitted
 * @param logAddress where its log is shipped to, {@code s3://bucket/prefix/}
 * @param dates how many dates of a backfill the batch is for
 */
public record AttemptView(
    int attempt,
    JobState state,
    Optional<Integer> batchId,
    Optional<String> applicationId,
    Instant submittedAt,
    Optional<Instant> endedAt,
    Optional<String> failure,
    Optional<String> logAddress,
    int dates) {}
