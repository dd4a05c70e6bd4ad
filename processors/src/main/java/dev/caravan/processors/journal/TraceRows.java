package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of the traces that are to be sent. */
final class TraceRows {
  private static final int LONGEST_ERROR = 1_000;

  private TraceRows() {}

  /** Writes that the session's trace is to be sent. */
  static void owe(Handle handle, long sessionId, Instant now) {
    handle.execute(
        "insert into trace_export (session_id, state, created_at, due_at) values (?, ?, ?, ?)",
        sessionId,
        TraceExport.State.PENDING,
        now,
        now);
  }

  /** The next that is due and whose runs have all ended, so that nothing is missing in it. */
  static Optional<TraceExport> due(Handle handle, Instant now) {
    return handle
        .createQuery(
            "select t.* from trace_export t where t.state = ? and t.due_at <= ?"
                + " and not exists (select 1 from run_session l join run r on r.id = l.run_id"
                + " where l.session_id = t.session_id and r.state = 'RUNNING')"
                + " order by t.due_at, t.session_id limit 1")
        .bind(0, TraceExport.State.PENDING)
        .bind(1, now)
        .mapTo(TraceExport.class)
        .findOne();
  }

  /**
   * Begins a try.
   *
   * @return false if another orchestrator has begun it
   */
  static boolean begin(Handle handle, TraceExport next, Instant leasedUntil) {
    return handle.execute(
            "update trace_export set attempts = attempts + 1, due_at = ?"
                + " where session_id = ? and attempts = ? and state = ?",
            leasedUntil,
            next.sessionId(),
            next.attempts(),
            TraceExport.State.PENDING)
        == 1;
  }

  static void fail(Handle handle, long sessionId, Instant dueAt, String error) {
    handle.execute(
        "update trace_export set due_at = ?, last_error = ? where session_id = ?",
        dueAt,
        error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR),
        sessionId);
  }

  static void end(Handle handle, long sessionId, TraceExport.State state, Instant now) {
    handle.execute(
        "update trace_export set state = ?, ended_at = ? where session_id = ?",
        state,
        now,
        sessionId);
  }

  static int pending(Handle handle) {
    return handle
        .createQuery("select count(*) from trace_export where state = ?")
        .bind(0, TraceExport.State.PENDING)
        .mapTo(Integer.class)
        .one();
  }

  /** The trace of the session that the run is in: the one that its first run gives it. */
  static Optional<String> idOf(Handle handle, String runId) {
    return handle
        .createQuery(
            "select l.session_id, r.id, r.started_at from run_session l join run r on r.id = l.run_id"
                + " where l.session_id = (select max(session_id) from run_session where run_id = ?)"
                + " order by r.started_at, r.id limit 1")
        .bind(0, runId)
        .map(
            (row, context) ->
                TraceId.of(
                    row.getLong("session_id"),
                    row.getString("id"),
                    row.getTimestamp("started_at").toInstant()))
        .findOne();
  }
}
