package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.BatchState;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became at a stock Livy of a job that may have been submitted before: its batch bears the
 * key's name, and no two batches bear one.
 */
final class EarlierSubmission {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierSubmission.class);

  private EarlierSubmission() {}

  /**
   * Finds the batch.
   *
   * @param job as the journal has it
   * @return empty if Livy has not heard of the job and never answered for it, so that it may be
   *     submitted
   * @throws FatalException if it failed, or if Livy had the batch and has forgotten it
   * @throws RetryableException if Livy holds an entry of that name but no process behind it
   */
  static Optional<Batch> find(BatchClient batches, URI endpoint, JobRun job) {
    if (job.state() == JobState.FAILED) {
      throw new FatalException(job.failure().orElse("Job " + job.job() + " failed before."));
    }
    Optional<Batch> found = batches.named(endpoint, job.batchKey()).stream().findFirst();
    found.ifPresent(batch -> requireBody(endpoint, batch, job));
    if (found.isEmpty() && job.batchId().isPresent()) {
      throw new FatalException(
          "Job %s is lost: the Livy at %s has forgotten its batch %d, %s. A restart does that, and so does time after a batch's end. Whether the job still runs isn't known; look, then run the date again."
              .formatted(job.job(), endpoint, job.batchId().get(), job.batchKey()));
    }
    found.ifPresent(
        batch ->
            LOG.info("Submission {} was heard before: it is batch {}", job.batchKey(), batch.id()));
    return found;
  }

  /** A submission that Livy 0.7.1 refuses may leave an entry that never begins; it has no log. */
  private static void requireBody(URI endpoint, Batch batch, JobRun job) {
    if (batch.state() == BatchState.STARTING && batch.log().isEmpty() && batch.appId().isEmpty()) {
      throw new RetryableException(
          "The Livy at %s holds a batch %d, %s, that has not begun. If that lasts, Livy could not start job %s: the answer to its submission, or Livy's own log, says why."
              .formatted(endpoint, batch.id(), job.batchKey(), job.job()));
    }
  }
}
