package dev.caravan.processors;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.OutputVerifier;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Checks what the job left in S3 against what it promised. Exit code 0 with a broken promise is a
 * failed job.
 */
public final class VerifyOutput extends Step {
  private final Journal journal;
  private final OutputVerifier verifier;
  private final JobConfigs jobs;

  public VerifyOutput(Journal journal, OutputVerifier verifier, JobConfigs jobs) {
    this.journal = journal;
    this.verifier = verifier;
    this.jobs = jobs;
  }

  @Override
  protected void perform(Exchange exchange) {
    Run run = Scope.run(exchange);
    JobConfig job = jobs.get(Scope.job(exchange));
    job.contract(run)
        .ifPresent(
            contract -> {
              try {
                OutputReport report = verifier.verify(contract, run.startedAt());
                journal.verified(run, job.name(), report);
              } catch (FatalException e) {
                String failure =
                    "Job " + job.name() + " ended with success, but: " + e.getMessage();
                journal.jobFailed(run, job.name(), Optional.empty(), failure);
                throw new FatalException(failure, e);
              }
            });
  }
}
