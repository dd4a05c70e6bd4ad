package dev.caravan.cloud.demo;

import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Lines for a person who watches, each with the time of day in UTC, as those of the orchestrator
 * between them have it.
 */
public final class DemoOutput {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintStream out;

  /**
   * @param out where the lines go
   */
  public DemoOutput(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    out.printf(Locale.ROOT, "[%s] %s%n", TIME.format(Clock.systemUTC().instant()), line);
    out.flush();
  }

  /** Text as it is, without the time. */
  void show(String text) {
    out.print(text);
    out.flush();
  }
}
