package dev.caravan.processors;

import dev.caravan.processors.batches.BatchClient;
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
 * route's loops and not by a thread of its own: a route that hangs is no life. A renewal that fails
 * is tried at the next call; if that lasts, the cluster stops itself once nothing runs on it.
 */
public final class RenewLease extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(RenewLease.class);
  private static final String DUE = "leaseDue";

  /** The time since the last renewal, or since the first try. */
  private static final String RENEWED = "lease";

  private final Journal journal;
  private final BatchClient batches;
  private final Duration ttl;
  private final ElapsedClock clock;

  /**
   * @param ttl how long a renewal holds
   */
  public RenewLease(Journal journal, BatchClient batches, Duration ttl, ElapsedClock clock) {
    this.journal = journal;
    this.batches = batches;
    this.ttl = ttl;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Duration now = clock.elapsed();
    Duration due = exchange.getProperty(DUE, Duration.ZERO, Duration.class);
    if (now.compareTo(due) < 0) {
      return;
    }
    exchange.setProperty(DUE, now.plus(ttl.dividedBy(3)));
    Run run = Scope.run(exchange);
    Optional<ClusterSession> session = journal.sessions().of(run);
    // A cluster that isn't ours to stop must not begin to stop itself because of us.
    if (session.filter(ClusterSession::ours).isEmpty()) {
      return;
    }
    Duration renewed = Scope.since(exchange, RENEWED, now);
    try {
      if (!batches.renewLease(Scope.endpoint(exchange), run.id(), ttl)) {
        LOG.debug("The endpoint keeps no lease");
      }
      Scope.forgetWaits(exchange, RENEWED);
      Scope.since(exchange, RENEWED, now);
    } catch (RetryableException | FatalException e) {
      exchange.setProperty(DUE, now);
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
