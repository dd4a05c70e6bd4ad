package dev.caravan.processors;

import dev.caravan.processors.journal.Run;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import java.util.Optional;
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
    Optional<S3Location> location =
        jobs.get(Scope.job(exchange))
            .contract(run, exchange.getProperty(Scope.JOB_ATTEMPT, 1, Integer.class))
            .map(OutputContract::location);
    // Cleared, too: the exchange still holds what the job before expected.
    exchange.setProperty(Scope.OUTPUT_BUCKET, location.map(S3Location::bucket).orElse(null));
    exchange.setProperty(Scope.OUTPUT_PREFIX, location.map(S3Location::key).orElse(null));
  }
}
