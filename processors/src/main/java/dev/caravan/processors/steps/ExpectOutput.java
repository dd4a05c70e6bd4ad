package dev.caravan.processors.steps;

import dev.caravan.processors.JobConfigs;
import dev.caravan.processors.output.OutputContract;
import org.apache.camel.Exchange;

/**
 * Tells the route where in S3 the output of the job at hand is expected: bucket and prefix, for its
 * S3 consumer.
 */
public final class ExpectOutput extends Step {
  private final JobConfigs jobs;

  public ExpectOutput(JobConfigs jobs) {
    this.jobs = jobs;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    // Set even if empty: the context still holds what the job before expected.
    context.expectOutput(
        jobs.get(context.jobAtHand())
            .contract(context.claimedRun(), context.jobAttempt())
            .map(OutputContract::location));
  }
}
