package dev.caravan.processors;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.IdempotencyKey;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import org.apache.camel.Exchange;

/**
 * Submits the job at hand under a key derived from the run, so that submitting it twice gives the
 * same batch. One that was verified earlier in this run is not submitted again.
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
    IdempotencyKey key =
        IdempotencyKey.of(run.pipeline(), job.name(), run.logicalDate(), run.attempt());
    JobRun known = journal.submitting(run, job.name(), key.value());
    boolean verified = known.state() == JobState.VERIFIED;
    boolean finished = verified || known.state() == JobState.SUCCEEDED;
    exchange.setProperty(Scope.JOB_VERIFIED, verified);
    exchange.setProperty(Scope.JOB_FINISHED, finished);
    if (!finished) {
      Batch batch = batches.submit(Scope.endpoint(exchange), job.request(run), key);
      batch.logAddress().ifPresent(address -> journal.logShippedTo(run, job.name(), address));
      journal.submitted(run, job.name(), batch.id());
    }
  }
}
