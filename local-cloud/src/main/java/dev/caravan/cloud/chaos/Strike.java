package dev.caravan.cloud.chaos;

/**
 * When a disturbance comes.
 *
 * @param message the number of the message, from 1, counted by {@link MessageCounter}; 0 between
 *     two runs
 */
record Strike(int message, Place place) {

  /** Where at its message a disturbance comes. */
  enum Place {
    /** The message has arrived at the proxy and hasn't been passed on. */
    BEFORE,
    /** The message was passed on, the first bytes of its answer have arrived and weren't passed. */
    BEFORE_ANSWER,
    /** The answer was passed on. */
    AFTER_ANSWER,
    /** As soon as the first run of a session has ended, by the event {@code RUN_ENDED}. */
    BETWEEN_RUNS
  }

  @Override
  public String toString() {
    return place == Place.BETWEEN_RUNS ? place.toString() : place + " of message " + message;
  }
}
