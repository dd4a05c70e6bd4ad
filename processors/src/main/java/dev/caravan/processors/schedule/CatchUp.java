package dev.caravan.processors.schedule;

/** What to do with the slots that passed while nobody planned. */
public enum CatchUp {
  /** Skip them. */
  NONE,
  /** Queue the latest, if it lies within the catch-up window; skip the others. */
  LAST,
  /** Queue those within the catch-up window; skip the others. */
  ALL
}
