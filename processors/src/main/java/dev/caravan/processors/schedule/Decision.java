package dev.caravan.processors.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** What becomes of a slot; each is one row in the journal. */
public sealed interface Decision {
  /** When the slot came (UTC). */
  Instant dueAt();

  /** The logical date. */
  LocalDate date();

  /** A run is queued. */
  record Queue(Instant dueAt, LocalDate date, Cause cause) implements Decision {}

  /**
   * The open runs are cancelled, then a run is queued.
   *
   * @param cancel the ids of the runs to cancel, at least one
   */
  record Replace(Instant dueAt, LocalDate date, Cause cause, List<String> cancel)
      implements Decision {}

  /**
   * No run is queued.
   *
   * @param reason why, as text for the row
   */
  record Skip(Instant dueAt, LocalDate date, String reason) implements Decision {}
}
