package dev.caravan.cloud.chaos;

import java.util.List;

/**
 * What kind of run it is: runs of one shape send about as many messages.
 *
 * @param serve whether the orchestrator runs as {@code serve} and not as {@code run}
 * @param dates how many dates are asked for at once, one session for all
 */
record Shape(boolean serve, int dates, int jobs) {
  static final Shape SWEEP = new Shape(false, 3, 2);

  /** The shapes of random runs, in the order of {@code --counted}. */
  static final List<Shape> ALL =
      List.of(new Shape(false, 1, 1), new Shape(false, 1, 2), SWEEP, new Shape(true, 1, 2));
}
