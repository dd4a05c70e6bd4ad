package dev.caravan.processors.journal;

import java.time.Instant;

/**
 * A trace that is to be sent.
 *
 * @param sessionId the session that it tells of, which is over
 * @param createdAt when the session ended
 * @param attempts how often it was tried, the try at hand included
 */
public record TraceExport(long sessionId, Instant createdAt, int attempts) {

  /** How far it has come. */
  public enum State {
    PENDING,
    SENT,
    /** It was tried for too long, or the collector refuses it. */
    GIVEN_UP
  }
}
