package dev.caravan.processors;

import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Names the job that comes after the one at hand, the first one at the beginning, and none after
 * the last, which is when the run has come to its end. A loop over this, rather than a split, keeps
 * a job's failure on the run's own exchange, where the end of the run finds it.
 */
public final class NextJob extends Step {
  private final JobConfigs jobs;

  public NextJob(JobConfigs jobs) {
    this.jobs = jobs;
  }

  @Override
  protected void perform(Exchange exchange) {
    List<String> names = jobs.names();
    int next =
        Optional.ofNullable(exchange.getProperty(Scope.JOB, String.class))
                .map(names::indexOf)
                .orElse(-1)
            + 1;
    if (next < names.size()) {
      exchange.setProperty(Scope.JOB, names.get(next));
      exchange.setProperty(Scope.JOB_OPEN, true);
    } else {
      exchange.removeProperty(Scope.JOB);
      exchange.setProperty(Scope.JOBS_DONE, true);
    }
  }
}
