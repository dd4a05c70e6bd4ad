package dev.caravan.processors.journal;

import dev.caravan.processors.batches.Batch;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt of a job of a run, and its batch at the endpoint.
 *
 * @param attempt counts the attempts of this job for the logical date, over all runs of the date; 0
 *     if it was never submitted
 * @param batchKey the idempotency key it was submitted under, which is its batch's name, too
 * @param logAddress where the endpoint ships the batch's log to, {@code s3://bucket/prefix/}
 * @param dates how many dates the batch is for; more than one: {@link SharedApplication}
 * @param mayFollow whether another attempt of the run may follow this one, which failed
 */
public record JobRun(
    String runId,
    String job,
    int attempt,
    JobState state,
    String batchKey,
    Optional<Integer> batchId,
    Optional<String> applicationId,
    Instant submittedAt,
    Optional<Instant> endedAt,
    Optional<String> failure,
    Optional<String> logAddress,
    int dates,
    boolean mayFollow) {

  /** Whether other dates of a backfill have the same batch. */
  public boolean isShared() {
    return dates > 1;
  }

  /** Whether a batch that the endpoint shows is this job's: numbers may be given out again. */
  public boolean owns(Batch batch) {
    return batch.name().filter(batchKey::equals).isPresent();
  }
}
