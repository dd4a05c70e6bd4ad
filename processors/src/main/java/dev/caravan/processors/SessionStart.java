package dev.caravan.processors;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import java.time.Duration;
import java.util.Optional;

/** How far the start of a session's cluster has come, as the journal and the cloud tell it. */
public final class SessionStart {
  private final Clusters clusters;
  private final ElapsedClock clock;

  public SessionStart(Clusters clusters, ElapsedClock clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** Where a stopper remembers, from one look to the next, when a wait began. */
  @FunctionalInterface
  public interface Waits {
    /**
     * When the wait of this name began, as a time of {@link ElapsedClock#elapsed}.
     *
     * @param begin counts on the first call
     */
    Duration since(String name, Duration begin);
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
            ? waits.since("lagging", now)
            : waits.since("start", clock.elapsedAt(session.openedAt()));
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
