package dev.caravan.processors.cost;

/** What a session's time goes into. Where two apply to a moment, the first one counts. */
public enum Phase {
  /** A job is at work that succeeds, or has not ended yet. */
  JOBS,
  /** A job is at work that fails or is killed. */
  FAILED_JOBS,
  /** Outputs are awaited and checked. */
  VERIFICATION,
  /** From the stop command on. */
  STOP,
  /** From the start command until the cluster is ready for jobs. */
  START,
  /** The cluster is ready, and nothing is done on it. */
  IDLE;

  /** Whether a run does something of its own. */
  boolean isWork() {
    return this == JOBS || this == FAILED_JOBS || this == VERIFICATION;
  }
}
