package dev.caravan.routes.operations;

import dev.caravan.processors.journal.SessionState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One use of a cluster, from its start to its stop.
 *
 * @param cluster by its name in the settings, or else its id
 * @param ours whether the stop is, or was, owed
 * @param operationId the start's operation at the cloud
 * @param statuses what was seen of the cluster, oldest first
 * @param runs the ids of those that used it, in the order in which they began
 */
public record SessionView(
    long id,
    String cluster,
    String clusterId,
    boolean ours,
    SessionState state,
    Instant openedAt,
    Optional<String> operationId,
    Optional<Instant> runningSince,
    Optional<Instant> stopAskedAt,
    Optional<Instant> stoppedAt,
    List<StatusView> statuses,
    List<String> runs) {

  public SessionView {
    statuses = List.copyOf(statuses);
    runs = List.copyOf(runs);
  }
}
