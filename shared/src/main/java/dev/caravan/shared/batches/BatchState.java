package dev.caravan.shared.batches;

import java.util.Locale;

/**
 * The states of a batch, as our endpoint and a stock Livy name them (its {@code SessionState}). Our
 * endpoint has all but UNKNOWN; the others of Livy make one or the other client fail.
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
  /** Failed before its process existed. */
  ERROR,
  /** A state that only interactive sessions have, or an unknown one: treated as not finished. */
  UNKNOWN;

  /** Reads the wire's word, in any case of letters. */
  public static BatchState of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "starting", "not_started" -> STARTING;
      // A Livy with recovery looks for its batches after a restart; one being deleted still ends.
      case "running", "recovering", "shutting_down" -> RUNNING;
      case "success" -> SUCCESS;
      case "dead" -> DEAD;
      case "killed" -> KILLED;
      case "error" -> ERROR;
      default -> UNKNOWN; // idle and busy, too: words of an interactive session
    };
  }

  /** As it stands in JSON. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the batch has ended, well or badly; it won't change any more. */
  public boolean isFinished() {
    return switch (this) {
      case SUCCESS, DEAD, KILLED, ERROR -> true;
      case STARTING, RUNNING, UNKNOWN -> false;
    };
  }
}
