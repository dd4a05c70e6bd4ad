package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A message to one target, as it waits in the outbox.
 *
 * @param target the target's name in the settings
 * @param alarmId the alarm that it tells of; empty for what tells of a run
 * @param backfillId set for a run of a backfill: these are told in one message
 * @param urgent whether quiet hours don't hold it back
 * @param attempts how often its delivery was begun, the one under way included
 * @param plain whether the target has refused the formatted text
 * @param detail the cause, in words; may be empty text
 */
public record Notification(
    long id,
    String target,
    Kind kind,
    Optional<Long> alarmId,
    Optional<String> runId,
    Optional<Long> backfillId,
    boolean urgent,
    Instant createdAt,
    int attempts,
    boolean plain,
    String detail) {

  /** What it tells. */
  public enum Kind {
    ALARM_RAISED,
    ALARM_CLEARED,
    RUN_STARTED,
    RUN_SUCCEEDED,
    RUN_FAILED
  }

  /** What became of it. */
  public enum State {
    PENDING,
    SENT,
    /** It could not be delivered within its time, or the target refuses it for good. */
    GIVEN_UP
  }
}
