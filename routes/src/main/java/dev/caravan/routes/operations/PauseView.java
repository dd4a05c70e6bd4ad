package dev.caravan.routes.operations;

import dev.caravan.processors.schedule.PipelinePause;
import java.time.Instant;

/** Since when a pipeline is paused, by whom and why; the note may be empty text. */
public record PauseView(Instant at, String by, String note) {
  /** Who paused it, and why, in a sentence without its end. */
  public String words() {
    return new PipelinePause(at, by, note).reason();
  }
}
