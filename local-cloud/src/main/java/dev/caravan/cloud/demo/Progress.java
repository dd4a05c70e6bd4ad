package dev.caravan.cloud.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Lines for a person who watches, each with the seconds since the begin. */
final class Progress {

  private final long begin = System.nanoTime();
  private final PrintStream out;

  Progress(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.printf(Locale.ROOT, "[%5.1fs] %s%n", (System.nanoTime() - begin) / 1e9, line);
    out.flush();
  }

  /** Text as it is, without the time. */
  void show(String text) {
    out.print(text);
    out.flush();
  }
}
