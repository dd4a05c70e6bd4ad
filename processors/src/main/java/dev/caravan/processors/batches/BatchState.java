package dev.caravan.processors.batches;

import java.util.Locale;

/**
 * The states of a batch in the Livy protocol. Words of other servers, such as {@code recovering} or
 * {@code idle}, read as UNKNOWN: not finished, whatever they sound like.
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
    for (BatchState state : values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
        return state;
      }
    }
    return UNKNOWN;
  }

  /** Whether the batch has ended, well or badly; it won't change any more. */
  public boolean isFinished() {
    return switch (this) {
      case SUCCESS, DEAD, KILLED, ERROR -> true;
      case STARTING, RUNNING, UNKNOWN -> false;
    };
  }
}
