package dev.caravan.routes.cli;

import picocli.CommandLine.Option;

/** How much of a list is shown. */
final class LimitOption {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "how many at most, up to 500 (default: ${DEFAULT-VALUE})")
  private int value = 20;

  int value() {
    return value;
  }
}
