package dev.caravan.routes.cli;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import picocli.CommandLine.Option;

/** Whose day it is, and whose time of day is shown. */
public final class ZoneOption {
  @Option(
      names = "--utc",
      description = "times in UTC, and 'today' by UTC (default: this machine's time zone)")
  private boolean utc;

  ZoneId zone() {
    return utc ? ZoneOffset.UTC : ZoneId.systemDefault();
  }

  /** The date that a person means by 'today'. */
  public LocalDate today(Clock clock) {
    return LocalDate.ofInstant(clock.instant(), zone());
  }
}
