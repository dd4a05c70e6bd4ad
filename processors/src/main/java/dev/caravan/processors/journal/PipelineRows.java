package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.PipelinePause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of pipelines. Whoever queues a run of a pipeline holds its row's lock. */
final class PipelineRows {
  private static final String SELECT =
      "select planned_until, paused_at, paused_by, pause_note from pipeline where name = ?";

  private PipelineRows() {}

  /**
   * How a pipeline is planned.
   *
   * @param plannedUntil the slots up to then are decided; empty: it is new
   */
  record Planning(Optional<Instant> plannedUntil, Optional<PipelinePause> pause) {
    private static Planning of(ResultSet row) throws SQLException {
      Optional<Instant> pausedAt = instant(row, "paused_at");
      String by = row.getString("paused_by");
      String note = row.getString("pause_note");
      return new Planning(
          instant(row, "planned_until"), pausedAt.map(at -> new PipelinePause(at, by, note)));
    }
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }

  static Optional<Planning> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT)
        .bind(0, name)
        .map((row, context) -> Planning.of(row))
        .findOne();
  }

  /** Locks the row until the end of the transaction; a pipeline that is new gets one. */
  static Planning lock(Handle handle, String name) {
    Optional<Planning> known =
        handle
            .createQuery(SELECT + " for update")
            .bind(0, name)
            .map((row, context) -> Planning.of(row))
            .findOne();
    if (known.isEmpty()) {
      handle.execute("insert into pipeline (name) values (?)", name);
    }
    return known.orElse(new Planning(Optional.empty(), Optional.empty()));
  }

  static void planned(Handle handle, String name, Instant until) {
    handle.execute("update pipeline set planned_until = ? where name = ?", until, name);
  }

  static void pause(Handle handle, String name, PipelinePause pause) {
    handle.execute(
        "update pipeline set paused_at = ?, paused_by = ?, pause_note = ? where name = ?",
        pause.at(),
        pause.by(),
        pause.note(),
        name);
  }

  static void resume(Handle handle, String name) {
    handle.execute(
        "update pipeline set paused_at = null, paused_by = null, pause_note = null where name = ?",
        name);
  }
}
