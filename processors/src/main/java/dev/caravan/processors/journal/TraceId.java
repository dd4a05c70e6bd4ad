package dev.caravan.processors.journal;

import dev.caravan.shared.Sha256;
import java.time.Instant;

/**
 * The id of a session's trace. It follows from what the journal keeps, so that every process that
 * works on the session knows it long before the trace is sent, and a session that is continued
 * keeps it. The time is part of it, since the next journal counts its sessions from 1 again.
 */
public final class TraceId {
  private static final int HEX_DIGITS = 32;

  private TraceId() {}

  /** Of the session, as 32 hexadecimal digits; empty text for one that no run used. */
  public static String of(SessionRecord record) {
    return record.runs().stream()
        .findFirst()
        .map(first -> of(record.session().id(), first.id(), first.startedAt()))
        .orElse("");
  }

  static String of(long sessionId, String firstRun, Instant firstStart) {
    return Sha256.hex(sessionId + " " + firstRun + " " + firstStart.toEpochMilli())
        .substring(0, HEX_DIGITS);
  }
}
