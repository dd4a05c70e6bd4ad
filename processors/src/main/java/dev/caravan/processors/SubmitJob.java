package dev.caravan.processors;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.NameTakenException;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.net.URI;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Submits the job at hand under a key derived from the run, so that submitting it twice gives the
 * same batch; at a stock Livy, which keeps no keys, the batch of an earlier submission is found by
 * its name. One that was verified earlier in this run is not submitted again.
 */
public final class SubmitJob extends Step {
  private final Journal journal;
  private final BatchClient batches;
  private final JobConfigs jobs;

  public SubmitJob(Journal journal, BatchClient batches, JobConfigs jobs) {
    this.journal = journal;
    this.batches = batches;
    this.jobs = jobs;
  }

  @Override
  protected void perform(Exchange exchange) {
    Run run = Scope.run(exchange);
    JobConfig job = jobs.get(Scope.job(exchange));
    Optional<JobRun> earlier = journal.job(run, job.name());
    JobRun known = journal.submitting(run, job.name(), job.batchKey(run).value());
    boolean verified = known.state() == JobState.VERIFIED;
    boolean finished = verified || known.state() == JobState.SUCCEEDED;
    exchange.setProperty(Scope.JOB_VERIFIED, verified);
    exchange.setProperty(Scope.JOB_FINISHED, finished);
    if (!finished) {
      Batch batch = submit(Scope.endpoint(exchange), run, job, earlier);
      batch.logAddress().ifPresent(address -> journal.logShippedTo(run, job.name(), address));
      journal.submitted(run, job.name(), batch.id());
    }
  }

  /**
   * @param earlier what the journal knew of the job before this step: it may have been submitted
   */
  private Batch submit(URI endpoint, Run run, JobConfig job, Optional<JobRun> earlier) {
    if (earlier.isPresent() && batches.isStockLivy(endpoint)) {
      Optional<Batch> found = EarlierSubmission.find(batches, endpoint, earlier.get());
      if (found.isPresent()) {
        return found.get();
      }
    }
    try {
      return batches.submit(endpoint, job.request(run), job.batchKey(run));
    } catch (NameTakenException e) {
      if (earlier.isPresent()) {
        // The earlier submission was still on its way when it was looked for.
        throw new RetryableException(e.getMessage(), e);
      }
      // Told as ended, so that nobody kills the stranger in this job's place.
      journal.jobFailed(run, job.name(), Optional.empty(), e.getMessage());
      throw new FatalException(e.getMessage(), e);
    }
  }
}
