package dev.caravan.processors.schedule;

import java.time.Instant;

/**
 * A pipeline's pause.
 *
 * @param at since when
 * @param by who asked for it
 * @param note why, in that person's words; may be empty text
 */
public record PipelinePause(Instant at, String by, String note) {
  /** Who paused it, and why, in a sentence without its end. */
  public String reason() {
    return note.isBlank() ? "paused by " + by : "paused by " + by + ": " + note;
  }
}
