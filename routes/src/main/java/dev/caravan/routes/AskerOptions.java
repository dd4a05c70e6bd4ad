package dev.caravan.routes;

import picocli.CommandLine.Option;

/** Who asks for something, and why, as the journal keeps it. */
final class AskerOptions {
  @Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "why, for those who look at it later")
  private String note = "";

  String note() {
    return note;
  }

  String name() {
    return System.getProperty("user.name");
  }
}
