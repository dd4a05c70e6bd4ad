package dev.caravan.endpoint.page;

import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.page.PlainText;
import java.util.ArrayList;
import java.util.List;

/**
 * Some lines of a batch's log.
 *
 * @param from number of the first, counted from 0
 */
public record LogPart(long from, long total, List<String> lines) {
  /** How many lines a page shows. */
  static final int LINES = 500;

  private static final int LONGEST = 10_000;

  static LogPart of(LogPage page) {
    List<String> lines = new ArrayList<>();
    for (String line : page.lines()) {
      int left = line.length() - LONGEST;
      String shown = PlainText.of(left > 0 ? line.substring(0, LONGEST) : line);
      lines.add(left > 0 ? shown + " … " + left + " more characters" : shown);
    }
    return new LogPart(page.from(), page.total(), lines);
  }

  long next() {
    return from + lines.size();
  }

  long before() {
    return Math.max(0, from - LINES);
  }
}
