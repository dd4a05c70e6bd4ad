package dev.caravan.processors.schedule;

import java.time.Instant;

/**
 * A pipeline's pause.
 *
 * @param at since when
 * @param by who asked for it
 * @param note why, in that person's words; may be empty text
 */
public record Pause(Instant at, String by, String note) {
  String reason() {
    return note.isBlank() ? "paused by " + by : "paused by " + by + ": " + note;
  }
}
