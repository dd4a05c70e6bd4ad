package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.EmptyHandling;

/** The rows of runs. */
final class RunRows {
  /**
   * Runs that have begun, or are queued for the session that asked for them, and have not ended; in
   * the order in which they are brought to their end.
   */
  private static final String OPEN =
      " and state in ('RUNNING', 'QUEUED') and (state = 'RUNNING' or due_at is null) order by case when state = 'RUNNING' then 0 else 1 end, started_at, id";

  private RunRows() {}

  static Optional<Run> last(Handle handle, String pipeline, LocalDate date) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and logical_date = ? order by attempt desc limit 1")
        .bind(0, pipeline)
        .bind(1, date)
        .mapTo(Run.class)
        .findOne();
  }

  static Optional<Run> attempt(Handle handle, String pipeline, LocalDate date, int attempt) {
    return handle
        .createQuery("select * from run where pipeline = ? and logical_date = ? and attempt = ?")
        .bind(0, pipeline)
        .bind(1, date)
        .bind(2, attempt)
        .mapTo(Run.class)
        .findOne();
  }

  static Optional<Run> find(Handle handle, String id) {
    return handle
        .createQuery("select * from run where id = ?")
        .bind(0, id)
        .mapTo(Run.class)
        .findOne();
  }

  /** Those that are to be brought to their end, in that order. */
  static List<Run> open(Handle handle, String pipeline) {
    return handle
        .createQuery("select * from run where pipeline = ?" + OPEN)
        .bind(0, pipeline)
        .mapTo(Run.class)
        .list();
  }

  static List<String> openPipelines(Handle handle, Collection<String> clusterIds) {
    return handle
        .createQuery(
            "select distinct pipeline from run where cluster_id in (<clusters>) and state in ('RUNNING', 'QUEUED') order by pipeline")
        .bindList(EmptyHandling.NULL_KEYWORD, "clusters", List.copyOf(clusterIds))
        .mapTo(String.class)
        .list();
  }

  static Optional<Run> openOn(Handle handle, String clusterId) {
    return handle
        .createQuery("select * from run where cluster_id = ?" + OPEN + " limit 1")
        .bind(0, clusterId)
        .mapTo(Run.class)
        .findOne();
  }

  /** Those that wait for their turn in the session on the cluster. */
  static List<Run> queuedOn(Handle handle, String clusterId) {
    return handle
        .createQuery(
            "select * from run where cluster_id = ? and state = ? and due_at is null order by id for update")
        .bind(0, clusterId)
        .bind(1, RunState.QUEUED)
        .mapTo(Run.class)
        .list();
  }

  /** What has begun on the cluster and has not ended; oldest first. */
  static Optional<Run> runningOn(Handle handle, String clusterId) {
    return handle
        .createQuery(
            "select * from run where cluster_id = ? and state = ? order by started_at, id limit 1")
        .bind(0, clusterId)
        .bind(1, RunState.RUNNING)
        .mapTo(Run.class)
        .findOne();
  }

  /** The run that is next on the cluster: of no backfill before those of one that is running. */
  static Optional<Run> nextOn(Handle handle, String clusterId) {
    return handle
        .createQuery(
            "select * from run where cluster_id = ? and state = ? and backfill_id is null order by due_at nulls first, id limit 1")
        .bind(0, clusterId)
        .bind(1, RunState.QUEUED)
        .mapTo(Run.class)
        .findOne()
        .or(
            () ->
                BackfillRows.on(handle, clusterId, BackfillState.RUNNING).stream()
                    .flatMap(backfill -> nextOf(handle, backfill).stream())
                    .findFirst());
  }

  private static Optional<Run> nextOf(Handle handle, Backfill backfill) {
    return queued(handle, backfill, "limit 1").stream().findFirst();
  }

  /** Those of a backfill that have not begun, in the order in which they will. */
  static Stream<Run> queued(Handle handle, long backfillId) {
    return BackfillRows.find(handle, backfillId).stream()
        .flatMap(backfill -> queued(handle, backfill, "").stream());
  }

  private static List<Run> queued(Handle handle, Backfill backfill, String limit) {
    return handle
        .createQuery(
            "select * from run where backfill_id = ? and state = ? order by logical_date "
                + (backfill.newestFirst() ? "desc " : "asc ")
                + limit)
        .bind(0, backfill.id())
        .bind(1, RunState.QUEUED)
        .mapTo(Run.class)
        .list();
  }

  /** All of a backfill, in the order of their dates and attempts. */
  static List<Run> of(Handle handle, long backfillId) {
    return handle
        .createQuery("select * from run where backfill_id = ? order by logical_date, attempt")
        .bind(0, backfillId)
        .mapTo(Run.class)
        .list();
  }

  static boolean isOpen(Handle handle, Backfill backfill) {
    return handle
        .createQuery(
            "select 1 from run where backfill_id = ? and state in ('QUEUED', 'RUNNING') limit 1")
        .bind(0, backfill.id())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Those of a pipeline that have not ended and are of no backfill, by due time. */
  static List<Run> openOutsideBackfills(Handle handle, String pipeline) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and state in ('QUEUED', 'RUNNING') and backfill_id is null order by due_at nulls first, id")
        .bind(0, pipeline)
        .mapTo(Run.class)
        .list();
  }

  /** Those of a pipeline that were queued by then, and have not begun; of no backfill. */
  static List<Run> waitingSince(Handle handle, String pipeline, Instant queuedBy) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and state = ? and backfill_id is null and due_at is not null and started_at <= ? order by due_at, id")
        .bind(0, pipeline)
        .bind(1, RunState.QUEUED)
        .bind(2, queuedBy)
        .mapTo(Run.class)
        .list();
  }

  /** All of a pipeline's dates in between, both included, in the order of dates and attempts. */
  static List<Run> between(Handle handle, String pipeline, LocalDate first, LocalDate last) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and logical_date between ? and ? order by logical_date, attempt")
        .bind(0, pipeline)
        .bind(1, first)
        .bind(2, last)
        .mapTo(Run.class)
        .list();
  }

  /** Locks all of a date until the end of the transaction; in the order of attempts. */
  static List<Run> lock(Handle handle, String pipeline, LocalDate date) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? and logical_date = ? order by attempt for update")
        .bind(0, pipeline)
        .bind(1, date)
        .mapTo(Run.class)
        .list();
  }

  /** The latest of all pipelines, the newest first. */
  static List<Run> latest(Handle handle, int limit) {
    return handle
        .createQuery("select * from run order by started_at desc, id desc limit ?")
        .bind(0, limit)
        .mapTo(Run.class)
        .list();
  }

  /** The latest of a pipeline, the newest first. */
  static List<Run> latest(Handle handle, String pipeline, int limit) {
    return handle
        .createQuery(
            "select * from run where pipeline = ? order by started_at desc, id desc limit ?")
        .bind(0, pipeline)
        .bind(1, limit)
        .mapTo(Run.class)
        .list();
  }

  /** Its turn has come. */
  static Run begin(Handle handle, String id, Instant now) {
    require(handle, id, RunState.RUNNING);
    handle.execute(
        "update run set state = ?, started_at = ? where id = ?", RunState.RUNNING, now, id);
    return find(handle, id).orElseThrow();
  }

  /** The one that used the session last. */
  static Optional<Run> lastOf(Handle handle, ClusterSession session) {
    return handle
        .createQuery(
            "select r.* from run r join run_session l on l.run_id = r.id where l.session_id = ? order by r.started_at desc, r.id desc limit 1")
        .bind(0, session.id())
        .mapTo(Run.class)
        .findOne();
  }

  /** Inserts the next attempt of the date. */
  static Run insert(
      Handle handle, NewRun run, RunState state, Optional<String> reason, Instant now) {
    int last = last(handle, run.pipeline(), run.date()).map(Run::attempt).orElse(0);
    return insert(handle, run, last + 1, state, reason, now);
  }

  /**
   * Inserts a run.
   *
   * @param attempt one more than the last of the date
   * @param reason why it is skipped
   */
  static Run insert(
      Handle handle,
      NewRun run,
      int attempt,
      RunState state,
      Optional<String> reason,
      Instant now) {
    String id = run.pipeline() + "/" + run.date() + "/" + attempt;
    handle.execute(
        "insert into run (id, pipeline, logical_date, attempt, cluster_id, afresh, state, started_at, ended_at, failure, cause, due_at, asked_by, backfill_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        run.pipeline(),
        run.date(),
        attempt,
        run.clusterId(),
        run.afresh(),
        state,
        now,
        state.isOpen() ? Optional.<Instant>empty() : Optional.of(now),
        reason,
        run.cause(),
        run.dueAt(),
        run.askedBy(),
        run.backfillId());
    return find(handle, id).orElseThrow();
  }

  static void decide(Handle handle, String id, RunState outcome, Optional<String> failure) {
    require(handle, id, outcome);
    handle.execute("update run set outcome = ?, failure = ? where id = ?", outcome, failure, id);
  }

  static void end(Handle handle, String id, RunState next, Optional<String> failure, Instant now) {
    require(handle, id, next);
    handle.execute(
        "update run set state = ?, outcome = ?, ended_at = ?, failure = ? where id = ?",
        next,
        next,
        now,
        failure,
        id);
  }

  /** Ends those of a backfill, which is locked, that have not begun. */
  static List<Run> cancelQueued(Handle handle, Backfill backfill, String reason, Instant now) {
    List<Run> queued =
        handle
            .createQuery("select * from run where backfill_id = ? and state = ? for update")
            .bind(0, backfill.id())
            .bind(1, RunState.QUEUED)
            .mapTo(Run.class)
            .list();
    Transitions.require("Backfill " + backfill.id(), RunState.QUEUED, RunState.CANCELLED);
    handle.execute(
        "update run set state = ?, outcome = ?, ended_at = ?, failure = ? where backfill_id = ? and state = ?",
        RunState.CANCELLED,
        RunState.CANCELLED,
        now,
        reason,
        backfill.id(),
        RunState.QUEUED);
    return queued;
  }

  static void requestCancel(Handle handle, String id, String request) {
    handle.execute(
        "update run set cancel_request = coalesce(cancel_request, ?) where id = ?", request, id);
  }

  private static void require(Handle handle, String id, RunState next) {
    Transitions.require("Run " + id, lock(handle, id), next);
  }

  /** Locks the run: its state is this until the end of the transaction. */
  static RunState lock(Handle handle, String id) {
    return handle
        .createQuery("select state from run where id = ? for update")
        .bind(0, id)
        .mapTo(RunState.class)
        .one();
  }
}
