package dev.caravan.processors.batches;

import java.util.List;

/**
 * A page of a batch's log.
 *
 * @param from number of the first line, counted from 0
 * @param total lines there are so far; never shrinks
 */
public record LogPage(int id, int from, int total, List<String> lines) {

  public LogPage {
    lines = List.copyOf(lines);
  }
}
