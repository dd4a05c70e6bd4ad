package dev.caravan.shared.batches;

import java.util.List;

/**
 * A page of a batch's log.
 *
 * @param from number of the first line, counted from 0
 * @param total lines there are so far; never shrinks. At a stock Livy: those that it has kept, the
 *     last 200 by default ({@code livy.cache-log.size}), so that it stands still while lines are
 *     lost
 */
public record LogPage(long from, long total, List<String> lines) {

  public LogPage {
    lines = List.copyOf(lines);
  }
}
