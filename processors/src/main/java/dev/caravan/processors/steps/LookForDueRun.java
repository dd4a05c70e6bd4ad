package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import org.apache.camel.Exchange;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the queue has a run that may begin on a cluster: on the one that the header {@code
 * cluster} names if the exchange has no session yet, else on that of a session of the queue.
 * Sessions whose dates were asked for are left as they are.
 */
public final class LookForDueRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(LookForDueRun.class);

  private final Journal journal;
  private final ConfiguredClusters clusters;

  public LookForDueRun(Journal journal, ConfiguredClusters clusters) {
    this.journal = journal;
    this.clusters = clusters;
  }

  @Override
  protected void perform(Exchange exchange) {
    SessionContext session = RunContext.of(exchange).session();
    if (session.findCluster().isEmpty()) {
      session.serveQueue(
          clusters.require(exchange.getMessage().getHeader("cluster", "", String.class)));
    } else if (!session.isOfQueue() || session.latestRun().isEmpty()) {
      // Without a run of its own another orchestrator has the cluster: that one looks.
      return;
    }
    try {
      session.setRunDue(journal.queue().next(session.cluster().id()).isPresent());
    } catch (JdbiException e) {
      // A session that goes well ends well; the next look is that of a new one.
      LOG.error("The queue can't be read, will try again: {}", e.getMessage());
      session.setRunDue(false);
    }
  }
}
