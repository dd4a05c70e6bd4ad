package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run did to its cluster. A run has one session, or more if its cluster was stopped by
 * somebody in between and started anew; the last one counts.
 *
 * @param ours whether this run asked for the start, or owes the stop for another reason
 * @param openedAt when the start was asked, or when the cluster was found running
 * @param operationId the start's operation at the cloud
 * @param runningSince when it was first seen running
 * @param stopAskedAt when the stop was first meant to be asked
 * @param stoppedAt when the cloud was first heard to say STOPPED
 */
public record ClusterSession(
    long id,
    String runId,
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
