package dev.caravan.routes.cli;

import dev.caravan.routes.operations.LogView;

/** The pages of one log. */
@FunctionalInterface
public interface LogPages {
  /**
   * A page.
   *
   * @param from first line, counted from 0; below 0: the last {@code size} lines
   * @param size how many lines; fewer come if they are very long
   */
  LogView page(long from, int size);
}
