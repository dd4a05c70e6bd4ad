package dev.caravan.routes.cli;

import dev.caravan.routes.operations.Asker;
import picocli.CommandLine.Option;

/** Who asks for something, and why, as the journal keeps it. */
public final class AskerOptions {
  @Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "why, for those who look at it later")
  private String note = "";

  /** Who and why; the name is this user's. */
  public Asker asker() {
    return new Asker(System.getProperty("user.name"), note);
  }
}
