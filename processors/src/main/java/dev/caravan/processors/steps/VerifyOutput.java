package dev.caravan.processors.steps;

import dev.caravan.processors.JobConfig;
import dev.caravan.processors.JobConfigs;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.Counted;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.SummaryReader;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what the job left in S3 against what it promised. Exit code 0 with a broken promise is a
 * failed job.
 */
public final class VerifyOutput extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyOutput.class);

  private final Journal journal;
  private final OutputVerifier verifier;
  private final SummaryReader summaries;
  private final JobConfigs jobs;
  private final ElapsedClock clock;

  public VerifyOutput(
      Journal journal,
      OutputVerifier verifier,
      SummaryReader summaries,
      JobConfigs jobs,
      ElapsedClock clock) {
    this.journal = journal;
    this.verifier = verifier;
    this.summaries = summaries;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    JobConfig job = jobs.get(context.jobAtHand());
    context.enter(journal, RunStep.VERIFY_OUTPUT, job.name());
    JobRun attempt = journal.jobs().require(run, job.name());
    job.contract(run, attempt.attempt())
        .ifPresent(
            contract -> {
              try {
                OutputReport report = verifier.verify(contract, began(context, run, attempt));
                journal
                    .jobs()
                    .verified(run, job.name(), report, readAndDropped(run, job, attempt.attempt()));
              } catch (FatalException e) {
                String failure =
                    "Job " + job.name() + " ended with success, but: " + e.getMessage();
                journal.jobs().failed(run, job.name(), Optional.empty(), failure);
                throw new FatalException(failure, e);
              }
            });
    context.jobVerified(attempt.attempt());
  }

  /** An attempt that was taken over from an earlier run of the date wrote before this run began. */
  private Instant began(RunContext context, Run run, JobRun attempt) {
    Instant submitted = attempt.submittedAt();
    Instant began = submitted.isBefore(run.startedAt()) ? submitted : run.startedAt();
    // The machine's date may have been set back since: S3's dates are not to look old by that.
    Duration waited =
        clock.elapsed().minus(context.attemptSince(attempt, clock.elapsedAt(submitted)));
    Instant byNow = clock.instant().minus(waited);
    return byNow.isBefore(began) ? byNow : began;
  }

  /**
   * What the job says of its input. Its absence, or an S3 that fails now, takes nothing from the
   * output that was verified.
   */
  private String readAndDropped(Run run, JobConfig job, int attempt) {
    try {
      return job.summary(run, attempt)
          .flatMap(summaries::read)
          .flatMap(summary -> summary.job(job.name()))
          .map(
              summary ->
                  "; read %s of %s (%d missing), dropped %,d"
                      .formatted(
                          Counted.of(summary.rowsRead().orElse(0), "row"),
                          Counted.of(summary.partitionsRead().orElse(0), "partition"),
                          summary.partitionsMissing().orElse(0),
                          summary.rowsDropped().orElse(0)))
          .orElse("");
    } catch (RetryableException | FatalException e) {
      LOG.warn("The summary of job {} could not be read: {}", job.name(), e.getMessage());
      return "";
    }
  }
}
