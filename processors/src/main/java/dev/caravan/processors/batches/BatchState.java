package dev.caravan.processors.batches;

import java.util.Locale;

/**
 * The states of a batch, read from the words of our endpoint and of a stock Livy (its {@code
 * SessionState}); those that only interactive sessions have, and any other word, are UNKNOWN: not
 * finished, whatever they sound like.
 */
public enum BatchState {
  STARTING,
  RUNNING,
  SUCCESS,
  DEAD,
  KILLED,
  /** Failed before its process existed. */
  ERROR,
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

  /** Whether the batch has ended, well or badly; it won't change any more. */
  public boolean isFinished() {
    return switch (this) {
      case SUCCESS, DEAD, KILLED, ERROR -> true;
      case STARTING, RUNNING, UNKNOWN -> false;
    };
  }
}
