package dev.caravan.processors.steps;

import dev.caravan.processors.output.OutputContract;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Tells the route where in S3 the next output of the job at hand is expected: bucket and prefix,
 * for its S3 consumer. With none left, nothing is left to do for the job.
 */
public final class ExpectOutput extends Step {
  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    List<OutputContract> contracts = context.contracts();
    int next = context.work().outputsVerified();
    if (next < contracts.size()) {
      context.expectOutput(Optional.of(contracts.get(next).location()));
    } else {
      // Set even if empty: the context still holds what the job before expected.
      context.expectOutput(Optional.empty());
      context.jobVerified(context.jobAttempt());
    }
  }
}
