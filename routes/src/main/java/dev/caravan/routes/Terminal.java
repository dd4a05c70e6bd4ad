package dev.caravan.routes;

import java.util.Map;

/**
 * The destination of the output.
 *
 * @param interactive whether a person watches who can be shown a line that changes
 * @param columns how wide a line may be; {@link #UNLIMITED} where nobody says
 */
record Terminal(boolean interactive, int columns) {
  static final int UNLIMITED = Integer.MAX_VALUE;

  /** That of this process. */
  // On Java 22 and later a console is there without a terminal, too, but not with the launcher's
  // jdk.console.
  @SuppressWarnings("SystemConsoleNull")
  static Terminal ofProcess() {
    return of(System.console() != null, System.getenv());
  }

  /** A dumb terminal can't erase a line, and a build server only keeps what is written. */
  static Terminal of(boolean terminal, Map<String, String> environment) {
    boolean watched =
        terminal
            && !environment.getOrDefault("TERM", "dumb").equals("dumb")
            && environment.getOrDefault("CI", "").isEmpty();
    return new Terminal(watched, columns(environment.getOrDefault("COLUMNS", "")));
  }

  /** The launcher exports COLUMNS for a terminal. */
  private static int columns(String text) {
    return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : UNLIMITED;
  }
}
