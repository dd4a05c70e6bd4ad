package dev.caravan.routes.page;

import dev.caravan.routes.operations.LogView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of a job's log.
 *
 * @param attempt the one that was asked for; empty: the latest
 * @param lines cut where they are too long for a page
 */
record JobLogView(LogView log, Optional<Integer> attempt, List<Line> lines) {
  /** How many lines are shown at first, and added at a time. */
  static final int PAGE = 500;

  private static final int LONGEST = 10_000;

  /**
   * A line.
   *
   * @param number from 1
   * @param left how many of its characters are left out
   */
  record Line(long number, String text, int left) {}

  static JobLogView of(LogView log, Optional<Integer> attempt) {
    List<Line> lines = new ArrayList<>();
    long number = log.from();
    for (String line : log.lines()) {
      number++;
      int length = Math.min(line.length(), LONGEST);
      lines.add(new Line(number, line.substring(0, length), line.length() - length));
    }
    return new JobLogView(log, attempt, lines);
  }

  /** The first line that is not in it, counted from 0. */
  long next() {
    return log.from() + log.lines().size();
  }

  String address(String kind) {
    return PagePaths.log(log.run(), log.job()) + kind + "?attempt=" + attempt.orElse(log.attempt());
  }
}
