package dev.caravan.routes.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * Lines at the end of a terminal's output that are drawn anew in their place. Elsewhere than on a
 * terminal nothing is drawn. Called on one thread.
 */
final class LiveBlock {
  private static final String ERASE_BELOW = "\u001b[J";

  private final PrintWriter out;
  private final Terminal terminal;
  private int drawn;

  LiveBlock(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line that stays, above the block. */
  void line(String text) {
    erase();
    out.println(text);
    out.flush();
  }

  void draw(List<String> lines) {
    if (!terminal.interactive()) {
      return;
    }
    erase();
    lines.forEach(out::println);
    drawn = lines.size();
    out.flush();
  }

  void erase() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\r" + ERASE_BELOW);
      drawn = 0;
      out.flush();
    }
  }
}
