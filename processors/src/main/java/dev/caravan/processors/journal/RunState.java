package dev.caravan.processors.journal;

/** The states of a run; {@link Transitions} says what may follow what. */
public enum RunState {
  /** Asked for together with others, one session for all; its turn has not come yet. */
  QUEUED,
  /** Claimed; its steps are going on, or were when the process died. */
  RUNNING,
  /** All jobs succeeded and their output was verified. */
  SUCCEEDED,
  /**
   * A step failed for good, or its session ended before its turn; a further claim of the same date
   * is a new attempt.
   */
  FAILED,
  /**
   * Ended by a shutdown, its batches killed, or before its turn; a further claim of the same date
   * is a new attempt.
   */
  INTERRUPTED;

  /** Whether something is left to be done for it. */
  public boolean isOpen() {
    return this == QUEUED || this == RUNNING;
  }
}
