package dev.caravan.processors.steps;

import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.NameTakenException;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.journal.SharedApplication;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RunValues;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.IdempotencyKey;
import java.net.URI;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Submits the job at hand under a key derived from the run's date and the job's attempt, so that
 * submitting it twice gives the same batch; at a stock Livy, which keeps no keys, the batch of an
 * earlier submission is found by its name. One that has succeeded earlier is not submitted again.
 * Of a backfill, several dates may share one key and one batch.
 */
public final class SubmitJob extends Step {
  private final Journal journal;
  private final ElapsedClock clock;

  public SubmitJob(Journal journal, ElapsedClock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    PipelineJob job = context.jobDefinition();
    context.enterJob(journal, RunStep.SUBMIT_JOB);
    Optional<JobRun> earlier = journal.jobs().find(run, job.name());
    refuseWhatHasFailed(earlier);
    JobRun known =
        journal
            .jobs()
            .submitting(
                run, job.name(), attempt -> job.batchKey(run, attempt).value(), job.together());
    Optional<SharedApplication> shared = journal.jobs().application(known);
    context
        .work()
        .resolveBy(shared.map(RunValues::of).orElseGet(() -> RunValues.of(run, known.attempt())));
    switch (known.state()) {
      case VERIFIED -> context.jobVerified(known.attempt());
      case SUCCEEDED -> context.jobSucceeded(known.attempt());
      default -> {
        boolean heardBefore =
            earlier.filter(first -> first.attempt() == known.attempt()).isPresent()
                || shared.filter(other -> !other.runId().equals(run.id())).isPresent();
        if (!heardBefore) {
          context.attemptSince(known, clock.elapsed());
        }
        Batch batch = submit(context, run, job, known, heardBefore);
        batch
            .logAddress()
            .ifPresent(address -> journal.jobs().logShippedTo(run, job.name(), address));
        journal.jobs().submitted(run, job.name(), batch.id());
        context.jobSubmitted(known.attempt());
      }
    }
  }

  /** A process that died between a job's failure and the end of its run leaves it like this. */
  private static void refuseWhatHasFailed(Optional<JobRun> earlier) {
    earlier
        .filter(last -> last.state() == JobState.FAILED && !last.mayFollow())
        .ifPresent(
            last -> {
              throw new FatalException(
                  last.failure().orElse("Job " + last.job() + " failed before."));
            });
  }

  /**
   * @param heardBefore whether the endpoint may have heard of this attempt already
   */
  private Batch submit(
      RunContext context, Run run, PipelineJob job, JobRun known, boolean heardBefore) {
    URI endpoint = context.session().endpoint();
    BatchClient batches = context.session().cluster().batches();
    if (heardBefore && batches.isStockLivy(endpoint)) {
      Optional<Batch> found = EarlierSubmission.find(batches, endpoint, known);
      if (found.isPresent()) {
        return found.get();
      }
    }
    try {
      IdempotencyKey key = new IdempotencyKey(known.batchKey());
      return batches.submit(endpoint, job.request(context.values(), key), key);
    } catch (NameTakenException e) {
      if (heardBefore) {
        // The earlier submission was still on its way when it was looked for.
        throw new RetryableException(e.getMessage(), e);
      }
      // Told as ended, so that nobody kills the stranger in this job's place.
      journal.jobs().failed(run, job.name(), Optional.empty(), e.getMessage());
      throw new FatalException(e.getMessage(), e);
    }
  }
}
