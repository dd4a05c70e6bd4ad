package dev.caravan.routes.cli;

import dev.caravan.routes.operations.Asker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Who asks for something, and why, as the journal keeps it. */
public final class AskerOptions {
  /** The JVM's answer for a user without an entry in /etc/passwd, as in a container. */
  private static final String NAMELESS = "?";

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "why, for those who look at it later")
  private String note = "";

  /** Who and why; the name is this user's, or its number where the system has no name for it. */
  public Asker asker() {
    String name = System.getProperty("user.name");
    return new Asker(name.equals(NAMELESS) ? number() : name, note);
  }

  private static String number() {
    try {
      return "uid " + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException e) {
      return NAMELESS;
    }
  }
}
