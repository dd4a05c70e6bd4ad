package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.RunState;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Ends the session: its cluster is free for the next one. A stop that is still owed stays so. Runs
 * whose turn did not come end, too: failed where the cluster was lost, else interrupted.
 */
public final class EndSession extends Step {
  private final Journal journal;

  public EndSession(Journal journal) {
    this.journal = journal;
  }

  @Override
  protected void perform(Exchange exchange) {
    SessionContext session = RunContext.of(exchange).session();
    if (session.latestRun().isEmpty() || session.isLeftAlone()) {
      return;
    }
    String clusterId = session.cluster().id();
    try {
      Optional<Throwable> loss = session.loss();
      loss.ifPresent(cause -> journal.backfills().holdOn(clusterId, cause.getMessage()));
      journal
          .claims()
          .endSession(
              clusterId,
              loss.isPresent() ? RunState.FAILED : RunState.INTERRUPTED,
              loss.map(Throwable::getMessage).orElse("its session ended before its turn."));
    } catch (RuntimeException e) {
      // Nobody else would see to the cluster as long as the claim were renewed.
      journal.claims().stopRenewingSession(clusterId);
      throw e;
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
