package dev.caravan.routes.operations;

import java.util.Optional;

/**
 * A page of a job's log.
 *
 * @param attempt empty: the latest of the run
 * @param from first line, counted from 0; below 0: the last {@code size} lines
 * @param size how many lines, 1 to {@value #MOST}; fewer come if they are very long
 */
public record LogRequest(String run, String job, Optional<Integer> attempt, int from, int size) {
  public static final int MOST = 10_000;

  /**
   * @throws OperationException if the size is out of its bounds
   */
  public LogRequest {
    if (size < 1 || size > MOST) {
      throw OperationException.invalid("A page has 1 to " + MOST + " lines, not " + size + ".");
    }
  }
}
