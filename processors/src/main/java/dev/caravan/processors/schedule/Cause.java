package dev.caravan.processors.schedule;

/** Why a run is queued. */
public enum Cause {
  /** Its slot has just come. */
  SCHEDULE,
  /** Its slot passed while nobody planned. */
  CATCH_UP,
  /** A person, or a program of theirs, asked for its date. */
  HAND,
  /** It is part of a backfill. */
  BACKFILL
}
