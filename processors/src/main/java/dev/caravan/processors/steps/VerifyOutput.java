package dev.caravan.processors.steps;

import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.Counted;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.SummaryReader;
import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.processors.pipelines.RowBand;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the next of the outputs that the job left in S3 against what it promised. Exit code 0 with
 * a broken promise is a failed job; it is verified when its last output is.
 */
public final class VerifyOutput extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyOutput.class);

  private final Journal journal;
  private final OutputVerifier verifier;
  private final SummaryReader summaries;
  private final ElapsedClock clock;

  public VerifyOutput(
      Journal journal, OutputVerifier verifier, SummaryReader summaries, ElapsedClock clock) {
    this.journal = journal;
    this.verifier = verifier;
    this.summaries = summaries;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Run run = context.claimedRun();
    PipelineJob job = context.jobDefinition();
    context.enterJob(journal, RunStep.VERIFY_OUTPUT);
    JobRun attempt = journal.jobs().require(run, job.name());
    List<OutputContract> contracts = context.contracts();
    int index = context.work().outputsVerified();
    if (index < contracts.size()) {
      OutputReport report;
      try {
        report = verifier.verify(contracts.get(index), began(context, run, attempt));
        compare(run, job, index, report);
      } catch (FatalException e) {
        fail(context, run, attempt, e);
        return;
      }
      String remark = readAndDropped(context, report.location());
      journal.jobs().verified(run, job.name(), index + 1, contracts.size(), report, remark);
      context.work().outputVerified();
    }
    if (context.work().outputsVerified() == contracts.size()) {
      context.jobVerified(attempt.attempt());
    }
  }

  /** What is missing of one date is not for the others of its application to tell. */
  private void fail(RunContext context, Run run, JobRun attempt, FatalException broken) {
    String failure = "Job " + attempt.job() + " ended with success, but: " + broken.getMessage();
    journal.jobs().failed(run, attempt.job(), Optional.empty(), failure, attempt.isShared());
    if (!attempt.isShared()) {
      throw new FatalException(failure, broken);
    }
    LOG.warn("{} It is tried again for {} alone.", failure, run.logicalDate());
    context.retryJob();
  }

  /** With the rows of earlier runs, if the output promises that, and there are any. */
  private void compare(Run run, PipelineJob job, int index, OutputReport report) {
    Optional<RowBand> band = job.outputs().get(index).band();
    if (band.isEmpty()) {
      return;
    }
    if (report.rows().isEmpty()) {
      throw new FatalException(
          "The rows of the output at "
              + report.location()
              + " can't be counted: it is no parquet.");
    }
    long rows = report.rows().getAsLong();
    journal
        .jobs()
        .usualRows(run, job.name(), index + 1)
        .flatMap(median -> band.get().breach(rows, median))
        .ifPresent(
            breach -> {
              throw new FatalException(
                  "The output at " + report.location() + " breaks its contract: " + breach + ".");
            });
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
  private String readAndDropped(RunContext context, S3Location output) {
    PipelineJob job = context.jobDefinition();
    try {
      return job.summary(context.values())
          .flatMap(summaries::read)
          .flatMap(summary -> summary.of(output).or(() -> summary.job(job.name())))
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
