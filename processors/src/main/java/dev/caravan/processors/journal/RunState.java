package dev.caravan.processors.journal;

/** The states of a run; {@link Transitions} says what may follow what. */
public enum RunState {
  /** Wanted; its turn on the cluster has not come yet. */
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
  INTERRUPTED,
  /** Never run, for the reason that its row tells; a date may be skipped and run later. */
  SKIPPED,
  /**
   * Ended by a person, or by a later run that replaces it: its batches killed, or before its turn.
   */
  CANCELLED;

  /** Whether something is left to be done for it. */
  public boolean isOpen() {
    return this == QUEUED || this == RUNNING;
  }

  /** Whether it ended without success, so that a further attempt takes over what it verified. */
  public boolean isRepairable() {
    return this == FAILED || this == INTERRUPTED || this == CANCELLED;
  }
}
