package dev.caravan.processors.schedule;

/**
 * A pipeline's pause.
 *
 * @param by who asked for it
 * @param note why, in that person's words; may be empty text
 */
public record Pause(String by, String note) {
  String reason() {
    return note.isBlank() ? "paused by " + by : "paused by " + by + ": " + note;
  }
}
