package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.steps.DecideOutcome.AtShutdown;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the next of the dates that the session was asked for; the context is that run's from here.
 * A shutdown between two runs begins none: it hands the session over to the next process, or ends
 * it, and with it the runs whose turn did not come.
 */
public final class NextRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(NextRun.class);

  private final Journal journal;
  private final AtShutdown atShutdown;

  public NextRun(Journal journal, AtShutdown atShutdown) {
    this.journal = journal;
    this.atShutdown = atShutdown;
  }

  @Override
  protected void perform(Exchange exchange) {
    if (!exchange.getContext().isStopping()) {
      RunContext.next(exchange);
      return;
    }
    SessionContext session = RunContext.of(exchange).session();
    if (atShutdown == AtShutdown.HAND_OVER) {
      session.latestRun().ifPresent(last -> handOver(session, last));
    }
    throw new CancellationException("Caravan was shut down before the next run began.");
  }

  private void handOver(SessionContext session, Run last) {
    LOG.warn(
        "Caravan is being shut down: the runs after {} are left to the next process, the cluster goes on (caravan.shutdown=hand-over)",
        last.id());
    session.leaveAlone();
    journal.claims().letGo(last);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
