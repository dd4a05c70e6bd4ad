package dev.caravan.processors;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import java.time.Duration;
import java.util.Optional;

/** The progress of the start of a session's cluster, from the journal and the cloud. */
public final class SessionStart {
  private final Clusters clusters;
  private final ElapsedClock clock;

  public SessionStart(Clusters clusters, ElapsedClock clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** What a stopper waits for before it believes that a cluster is STOPPED. */
  public enum Wait {
    /** The end of a start whose answer was lost. */
    START,
    /** A status that shows what the start's operation has done. */
    STATUS
  }

  /** Where a stopper remembers, from one look to the next, when a wait began. */
  @FunctionalInterface
  public interface Waits {
    /**
     * When the wait began, as a time of {@link ElapsedClock#elapsed}.
     *
     * @param begin counts on the first call
     */
    Duration since(Wait wait, Duration begin);
  }

  /**
   * Asks the cloud for the start's operation, if one is known, and fails as {@link
   * Clusters#operation} does.
   */
  public StopRule.Start of(ClusterSession session, Waits waits) {
    if (!session.ours() || session.runningSince().isPresent()) {
      return new StopRule.Start(StopRule.Phase.SEEN, Duration.ZERO);
    }
    Optional<Operation> operation = session.operationId().map(clusters::operation);
    Duration now = clock.elapsed();
    // The date counts once, for what began in another process.
    Duration since =
        operation.isPresent()
            ? waits.since(Wait.STATUS, now)
            : waits.since(Wait.START, clock.elapsedAt(session.openedAt()));
    return new StopRule.Start(phase(operation), now.minus(since));
  }

  private static StopRule.Phase phase(Optional<Operation> operation) {
    if (operation.isEmpty()) {
      return StopRule.Phase.ASKED;
    }
    if (operation.get().error().isPresent()) {
      return StopRule.Phase.FAILED;
    }
    return operation.get().done() ? StopRule.Phase.DONE : StopRule.Phase.UNDER_WAY;
  }
}
