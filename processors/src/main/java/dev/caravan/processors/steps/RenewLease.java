package dev.caravan.processors.steps;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster that its run lives, at most every third of the lease's life. Called from the
 * route's loops and not by a thread of its own: a hung route must not renew the lease. Does nothing
 * as long as the session has no endpoint, so that a loop may call it that waits for the first
 * claim. A renewal that fails is tried at the next call; if that lasts, the cluster stops itself
 * once nothing runs on it.
 */
public final class RenewLease extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(RenewLease.class);

  private final Journal journal;
  private final Duration ttl;
  private final ElapsedClock clock;

  /**
   * @param ttl how long a renewal holds
   */
  public RenewLease(Journal journal, Duration ttl, ElapsedClock clock) {
    this.journal = journal;
    this.ttl = ttl;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    SessionContext session = context.session();
    // Between two runs the cluster is kept in the name of the last one.
    Optional<Run> keeper = context.findRun().or(session::latestRun);
    Duration now = clock.elapsed();
    if (keeper.isEmpty()
        || session.findEndpoint().isEmpty()
        || now.compareTo(session.leaseDue()) < 0) {
      return;
    }
    session.setLeaseDue(now.plus(ttl.dividedBy(3)));
    Run run = keeper.get();
    Optional<ClusterSession> recorded = journal.sessions().of(run);
    // A cluster that isn't ours to stop must not begin to stop itself because of us.
    if (recorded.filter(ClusterSession::ours).isEmpty()) {
      return;
    }
    Duration renewed = session.leaseRenewed(now);
    try {
      if (!session.cluster().batches().renewLease(session.endpoint(), run.id(), ttl)) {
        LOG.debug("The endpoint keeps no lease");
      }
      session.renewedLease(now);
    } catch (RetryableException | FatalException e) {
      session.setLeaseDue(now);
      // An endpoint that is away is told by the look at the job; this matters once the lease
      // lapses.
      if (now.minus(renewed).compareTo(ttl.dividedBy(3).multipliedBy(2)) >= 0) {
        LOG.warn(
            "The lease of the cluster could not be renewed in time, will try again: {}",
            e.getMessage());
      }
    }
  }
}
