package dev.caravan.processors.journal;

/** The states of a run; {@link Transitions} says what may follow what. */
public enum RunState {
  /** Claimed; its steps are going on, or were when the process died. */
  RUNNING,
  /** All jobs succeeded and their output was verified. */
  SUCCEEDED,
  /** A step failed for good; a further claim of the same date is a new attempt. */
  FAILED,
  /** Ended by a shutdown, its batches killed; a further claim of the same date is a new attempt. */
  INTERRUPTED
}
