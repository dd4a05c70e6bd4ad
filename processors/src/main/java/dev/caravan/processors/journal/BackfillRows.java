package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.BackfillPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of backfills. */
final class BackfillRows {
  private BackfillRows() {}

  static Optional<Backfill> find(Handle handle, long id) {
    return handle
        .createQuery("select * from backfill where id = ?")
        .bind(0, id)
        .mapTo(Backfill.class)
        .findOne();
  }

  /** The latest of a pipeline, newest first. */
  static List<Backfill> of(Handle handle, String pipeline, int limit) {
    return handle
        .createQuery("select * from backfill where pipeline = ? order by id desc limit ?")
        .bind(0, pipeline)
        .bind(1, limit)
        .mapTo(Backfill.class)
        .list();
  }

  /** Those in this state on the cluster, oldest first. */
  static List<Backfill> on(Handle handle, String clusterId, BackfillState state) {
    return handle
        .createQuery("select * from backfill where cluster_id = ? and state = ? order by id")
        .bind(0, clusterId)
        .bind(1, state)
        .mapTo(Backfill.class)
        .list();
  }

  /** Those of a pipeline that are running, oldest first. */
  static List<Backfill> running(Handle handle, String pipeline) {
    return handle
        .createQuery("select * from backfill where pipeline = ? and state = ? order by id")
        .bind(0, pipeline)
        .bind(1, BackfillState.RUNNING)
        .mapTo(Backfill.class)
        .list();
  }

  /** Locks the backfill until the end of the transaction; before any lock of a run of it. */
  static Optional<Backfill> lock(Handle handle, long id) {
    return handle
        .createQuery("select * from backfill where id = ? for update")
        .bind(0, id)
        .mapTo(Backfill.class)
        .findOne();
  }

  static Backfill insert(
      Handle handle,
      String pipeline,
      String clusterId,
      BackfillPlan.Request request,
      String by,
      Instant now) {
    long id =
        handle
            .createUpdate(
                "insert into backfill (pipeline, cluster_id, first_date, last_date, newest_first, state, asked_by, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(0, pipeline)
            .bind(1, clusterId)
            .bind(2, request.from())
            .bind(3, request.to())
            .bind(4, request.newestFirst())
            .bind(5, BackfillState.RUNNING)
            .bind(6, by)
            .bind(7, now)
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    return find(handle, id).orElseThrow();
  }

  /**
   * Changes the state of a backfill that is locked, and says so.
   *
   * @param reason why, if it is more than that all is done
   */
  static void change(
      Transaction transaction, Backfill locked, BackfillState next, Optional<String> reason) {
    Transitions.require("Backfill " + locked.id(), locked.state(), next);
    Optional<String> kept = next == BackfillState.RUNNING ? Optional.empty() : reason;
    Optional<Instant> ended = next.isOpen() ? Optional.empty() : Optional.of(transaction.now());
    transaction.handle.execute(
        "update backfill set state = ?, reason = ?, ended_at = ? where id = ?",
        next,
        kept,
        ended,
        locked.id());
    say(transaction, locked, next, reason);
  }

  static void say(
      Transaction transaction, Backfill backfill, BackfillState state, Optional<String> reason) {
    transaction.event(
        RunEvent.Kind.BACKFILL_CHANGED,
        String.valueOf(backfill.id()),
        state + reason.map(why -> ", " + why).orElse(""));
  }

  /** Ends a backfill that is locked and open, if all its runs have ended. */
  static void endIfDone(Transaction transaction, Backfill locked) {
    if (locked.state().isOpen() && !RunRows.isOpen(transaction.handle, locked)) {
      change(transaction, locked, BackfillState.DONE, Optional.empty());
    }
  }
}
