package dev.caravan.processors.journal;

/** The states of a backfill; {@link Transitions} says what may follow what. */
public enum BackfillState {
  /** Its runs are taken when nothing else is due on the cluster. */
  RUNNING,
  /** Paused by a person: none of its runs is begun. */
  PAUSED,
  /** The cluster could not be had: none of its runs is begun until a person resumes it. */
  HELD,
  /** Ended by a person. */
  CANCELLED,
  /** All its runs have ended, well or not. */
  DONE;

  /** Whether runs of it may still be begun, now or once it is resumed. */
  public boolean isOpen() {
    return this == RUNNING || this == PAUSED || this == HELD;
  }
}
