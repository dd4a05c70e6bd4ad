package dev.caravan.routes.cli;

/** Colours words that say how something stands, on a terminal. */
final class Colours {
  private static final String RESET = "\u001b[0m";

  private Colours() {}

  /** The cell as it is, or the same in the colour of its word. */
  static String paint(String cell) {
    return switch (cell) {
      case "SUCCEEDED", "VERIFIED", "DONE", "ok" -> "\u001b[32m" + cell + RESET;
      case "FAILED", "KILLED", "ERROR", "fault", "unreachable" -> "\u001b[31m" + cell + RESET;
      case "RUNNING", "SUBMITTED", "SUBMITTING" -> "\u001b[36m" + cell + RESET;
      case "INTERRUPTED", "CANCELLED", "HELD", "PAUSED", "LEFT_RUNNING", "warning" ->
          "\u001b[33m" + cell + RESET;
      default -> cell;
    };
  }
}
