package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * One use of a cluster, from its start to its stop. Runs point to their session: any number of them
 * to one, and a run whose cluster was stopped by somebody in between and started anew to several,
 * of which the last one counts.
 *
 * @param ours whether we asked for the start, or owe the stop for another reason
 * @param openedAt when the start was asked, or when the cluster was found running
 * @param operationId the start's operation at the cloud
 * @param runningSince when it was first seen running
 * @param stopAskedAt when the stop was first meant to be asked
 * @param stoppedAt when the cloud was first heard to say STOPPED
 */
public record ClusterSession(
    long id,
    String clusterId,
    boolean ours,
    SessionState state,
    Instant openedAt,
    Optional<String> operationId,
    Optional<Instant> runningSince,
    Optional<Instant> stopAskedAt,
    Optional<Instant> stoppedAt) {

  /** Whether a stop was asked for that the cloud hasn't confirmed. */
  public boolean stopPending() {
    return state == SessionState.STOP_ASKED;
  }

  /** Whether nothing more will happen in this session. */
  public boolean isOver() {
    return state == SessionState.STOPPED || state == SessionState.LEFT_RUNNING;
  }
}
