package dev.caravan.processors.journal;

/** The use of a cluster; {@link Transitions} says what may follow what. */
public enum SessionState {
  /** The cluster was looked at; nothing was asked of it. */
  OPENED,
  /** The intent to start is written: from here on we owe the stop. */
  START_ASKED,
  /** It was running, or coming up, before us: not ours to stop. */
  FOUND_RUNNING,
  /** It was seen running after our start. */
  RUNNING,
  /** The intent to stop is written; the cloud has not said STOPPED yet. */
  STOP_ASKED,
  /** Left running on purpose: it isn't ours, or others work on it. */
  LEFT_RUNNING,
  /** The cloud said STOPPED. */
  STOPPED;

  /** Whether the stop of the cluster is still owed. */
  public boolean isOwed() {
    return this == START_ASKED || this == RUNNING || this == STOP_ASKED;
  }
}
