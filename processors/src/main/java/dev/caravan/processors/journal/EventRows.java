package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The rows of events and steps. */
final class EventRows {
  private EventRows() {}

  static void insert(Handle handle, List<RunEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into event (run_id, at, kind, subject, detail) values (?, ?, ?, ?, ?)");
    events.forEach(
        event ->
            batch.add(
                event.runId().isEmpty() ? null : event.runId(),
                event.at(),
                event.kind(),
                event.subject(),
                event.detail()));
    batch.execute();
  }

  /** Oldest first. */
  static List<RunEvent> of(Handle handle, String runId) {
    return handle
        .createQuery(
            "select run_id, at, kind, subject, detail from event where run_id = ? order by id")
        .bind(0, runId)
        .mapTo(RunEvent.class)
        .list();
  }

  /** The latest that are of no run, oldest first. */
  static List<RunEvent> ofNoRun(Handle handle, int limit) {
    return handle
        .createQuery(
            "select * from (select '' as run_id, id, at, kind, subject, detail from event where run_id is null order by id desc limit ?) latest order by id")
        .bind(0, limit)
        .mapTo(RunEvent.class)
        .list();
  }

  /** Begins a step, which ends the one before; the one at hand is not begun twice. */
  static void step(Handle handle, String runId, RunStep step, String subject, Instant now) {
    boolean same =
        handle
            .createQuery("select * from step where run_id = ? order by id desc limit 1")
            .bind(0, runId)
            .mapTo(StepRecord.class)
            .findOne()
            .filter(last -> last.step() == step && last.subject().equals(subject))
            .filter(last -> last.endedAt().isEmpty())
            .isPresent();
    if (!same) {
      endStep(handle, runId, now);
      handle.execute(
          "insert into step (run_id, step, subject, begun_at) values (?, ?, ?, ?)",
          runId,
          step,
          subject,
          now);
    }
  }

  static void endStep(Handle handle, String runId, Instant now) {
    handle.execute(
        "update step set ended_at = ? where run_id = ? and ended_at is null", now, runId);
  }

  /** Oldest first. */
  static List<StepRecord> steps(Handle handle, String runId) {
    return handle
        .createQuery("select * from step where run_id = ? order by id")
        .bind(0, runId)
        .mapTo(StepRecord.class)
        .list();
  }
}
