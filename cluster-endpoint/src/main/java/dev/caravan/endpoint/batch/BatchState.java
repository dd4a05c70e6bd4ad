package dev.caravan.endpoint.batch;

import java.util.Locale;

/**
 * The states that clients of Livy understand; the others of Livy make one or the other client fail.
 */
public enum BatchState {
  /** Accepted, waiting for its turn. */
  STARTING,
  /** Its process exists, or is being taken up again after a restart. */
  RUNNING,
  /** Ended with exit code 0. */
  SUCCESS,
  /** Ended with another exit code, or vanished. */
  DEAD,
  /** Ended by DELETE or by its time limit. */
  KILLED,
  /** No process ever came into being. */
  ERROR;

  /** As it stands in JSON. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing can follow. */
  public boolean isFinal() {
    return this != STARTING && this != RUNNING;
  }
}
