package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that a person has to see to.
 *
 * @param subject what it is about: a cluster's id, a run's, a pipeline with its date, or a
 *     pipeline's file
 * @param runId the run in which it came up; empty: it is of no run
 * @param sentAt when it was delivered; empty: not yet
 * @param clearedAt when what raised it was over; empty: it still is so
 * @param detail the cause, in words
 */
public record Alarm(
    AlarmKind kind,
    String subject,
    Optional<String> runId,
    Instant raisedAt,
    Optional<Instant> sentAt,
    Optional<Instant> clearedAt,
    String detail) {

  /** What makes it one and the same alarm: its cause and what it is about. */
  public record Key(AlarmKind kind, String subject) {
    /**
     * @param text as {@link #toString} gives it
     */
    public static Key of(String text) {
      int space = text.indexOf(' ');
      return new Key(AlarmKind.valueOf(text.substring(0, space)), text.substring(space + 1));
    }

    @Override
    public String toString() {
      return kind + " " + subject;
    }
  }

  public Key key() {
    return new Key(kind, subject);
  }
}
