package dev.caravan.cloud.chaos;

import java.util.List;

/**
 * What kind of run it is: runs of one shape send about as many messages.
 *
 * @param command which the orchestrator's process is started with
 * @param dates how many dates are asked for at once, one session for all
 * @param sideBySide whether the jobs run at the same time, and not one after the other
 * @param pair whether a second orchestrator does the same on the same journal, on PostgreSQL
 */
record Shape(Command command, int dates, int jobs, boolean sideBySide, boolean pair) {
  /** The orchestrator's commands that drive runs. */
  enum Command {
    RUN,
    SERVE,
    BACKFILL
  }

  static final Shape SWEEP = new Shape(Command.RUN, 3, 2, false, false);

  /** The shapes of random runs, in the order of {@code --counted}. */
  static final List<Shape> ALL =
      List.of(
          new Shape(Command.RUN, 1, 1, false, false),
          new Shape(Command.RUN, 1, 2, true, false),
          SWEEP,
          new Shape(Command.SERVE, 1, 2, false, false),
          new Shape(Command.BACKFILL, 3, 2, true, false),
          new Shape(Command.SERVE, 1, 2, false, true));

  boolean serves() {
    return command == Command.SERVE;
  }
}
