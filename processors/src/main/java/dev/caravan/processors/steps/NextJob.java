package dev.caravan.processors.steps;

import java.util.List;
import org.apache.camel.Exchange;

/**
 * Names the job that comes after the one at hand, the first one at the beginning, and none after
 * the last, which is when the run has come to its end. A loop over this, rather than a split, keeps
 * a job's failure on the run's own exchange, where the end of the run finds it.
 */
public final class NextJob extends Step {
  @Override
  protected void perform(Exchange exchange) {
    RunContext run = RunContext.of(exchange);
    List<String> names = run.definition().jobNames();
    int next = names.indexOf(run.job()) + 1;
    if (next < names.size()) {
      run.beginJob(names.get(next));
    } else {
      run.finishJobs();
    }
  }
}
