package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the run in the journal as it was decided: succeeded, failed with the sentence of what failed
 * it, or interrupted by a shutdown.
 */
public final class CloseRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(CloseRun.class);

  private final Journal journal;

  public CloseRun(Journal journal) {
    this.journal = journal;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    Optional<Run> run = context.findRun();
    if (run.isEmpty() || context.session().isLeftAlone()) {
      return;
    }
    RunOutcome now = RunOutcome.of(context, exchange.getContext().isStopping());
    RunState state = context.outcome().orElse(now.state());
    try {
      journal.runs().end(run.get(), state, now.sentence());
    } catch (RuntimeException e) {
      LOG.error("Run {} could not be closed: {}", run.get().id(), e.getMessage());
      // Nobody else would bring the run to its end as long as its claim were renewed.
      journal.claims().stopRenewing(run.get());
      throw e;
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
