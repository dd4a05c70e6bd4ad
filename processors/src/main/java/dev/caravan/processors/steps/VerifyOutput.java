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
 * Checks the outputs that the job left in S3 against what it promised, one after the other. Exit
 * code 0 with a broken promise is a failed job; it is verified when its last output is.
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
    context.enter(journal, RunStep.VERIFY_OUTPUT, job.name());
    JobRun attempt = journal.jobs().require(run, job.name());
    List<OutputContract> contracts = job.contracts(run, attempt.attempt());
    while (context.outputsVerified() < contracts.size()) {
      verify(context, run, attempt, contracts);
    }
    context.jobVerified(attempt.attempt());
  }

  /** A repetition of the step, as when S3 was away, goes on with the output that it came to. */
  private void verify(RunContext context, Run run, JobRun attempt, List<OutputContract> contracts) {
    PipelineJob job = context.jobDefinition();
    int index = context.outputsVerified();
    OutputReport report = report(context, run, attempt, contracts.get(index));
    compare(run, job, index, report);
    String remark = readAndDropped(run, job, attempt.attempt(), report.location());
    journal.jobs().verified(run, job.name(), index + 1, contracts.size(), report, remark);
    context.outputVerified();
  }

  private OutputReport report(
      RunContext context, Run run, JobRun attempt, OutputContract contract) {
    try {
      return verifier.verify(contract, began(context, run, attempt));
    } catch (FatalException e) {
      throw broken(run, attempt.job(), e.getMessage(), e);
    }
  }

  /** With the rows of earlier runs, if the output promises that, and there are any. */
  private void compare(Run run, PipelineJob job, int index, OutputReport report) {
    Optional<RowBand> band = job.outputs().get(index).band();
    if (band.isEmpty()) {
      return;
    }
    if (report.rows().isEmpty()) {
      throw broken(
          run,
          job.name(),
          "The rows of the output at " + report.location() + " can't be counted: it is no parquet.",
          null);
    }
    long rows = report.rows().getAsLong();
    journal
        .jobs()
        .usualRows(run, job.name(), index + 1)
        .flatMap(median -> band.get().breach(rows, median))
        .ifPresent(
            breach -> {
              throw broken(
                  run,
                  job.name(),
                  "The output at " + report.location() + " breaks its contract: " + breach + ".",
                  null);
            });
  }

  private FatalException broken(Run run, String job, String sentence, Throwable cause) {
    String failure = "Job " + job + " ended with success, but: " + sentence;
    journal.jobs().failed(run, job, Optional.empty(), failure);
    return new FatalException(failure, cause);
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
  private String readAndDropped(Run run, PipelineJob job, int attempt, S3Location output) {
    try {
      return job.summary(run, attempt)
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
