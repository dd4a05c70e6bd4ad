package dev.caravan.processors;

import dev.caravan.processors.journal.Run;
import java.net.URI;
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
    Run run = Scope.run(exchange);
    // The route asks by these; what the job before had must not be taken for this one's.
    exchange.removeProperty(Scope.OUTPUT_BUCKET);
    exchange.removeProperty(Scope.OUTPUT_PREFIX);
    jobs.get(Scope.job(exchange))
        .contract(run)
        .ifPresent(
            contract -> {
              URI location = contract.location();
              exchange.setProperty(Scope.OUTPUT_BUCKET, location.getHost());
              exchange.setProperty(Scope.OUTPUT_PREFIX, location.getPath().substring(1));
            });
  }
}
