package dev.caravan.routes.cli;

import java.util.Map;

/**
 * The destination of the output.
 *
 * @param interactive whether a person watches who can be shown a line that changes
 * @param colours whether it shows colours, and the person wants them (https://no-color.org)
 * @param columns how wide a line may be; {@link #UNLIMITED} where nobody says
 */
public record Terminal(boolean interactive, boolean colours, int columns) {
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** That of this process. */
  // On Java 22 and later a console is there without a terminal, too, but not with the launcher's
  // jdk.console.
  @SuppressWarnings("SystemConsoleNull")
  public static Terminal ofProcess() {
    return of(System.console() != null, System.getenv());
  }

  /** A dumb terminal can't erase a line, and a build server only keeps what is written. */
  public static Terminal of(boolean terminal, Map<String, String> environment) {
    boolean watched =
        terminal
            && !environment.getOrDefault("TERM", "dumb").equals("dumb")
            && environment.getOrDefault("CI", "").isEmpty();
    boolean colours = watched && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(watched, colours, columns(environment.getOrDefault("COLUMNS", "")));
  }

  /** The launcher exports COLUMNS for a terminal. */
  private static int columns(String text) {
    return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : UNLIMITED;
  }
}
