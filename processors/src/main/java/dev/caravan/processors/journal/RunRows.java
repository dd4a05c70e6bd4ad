package dev.caravan.processors.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.EmptyHandling;

/** The rows of runs. */
final class RunRows {
  /** Runs that have not ended, in the order in which they are brought to their end. */
  private static final String OPEN =
      " and state in ('RUNNING', 'QUEUED') order by case when state = 'RUNNING' then 0 else 1 end, started_at, id";

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

  /** Those that have not ended, in the order in which they are brought to their end. */
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

  /** Those that wait for their turn on the cluster. */
  static List<Run> queuedOn(Handle handle, String clusterId) {
    return handle
        .createQuery("select * from run where cluster_id = ? and state = ? order by id for update")
        .bind(0, clusterId)
        .bind(1, RunState.QUEUED)
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

  /**
   * @param attempt one more than the last of the date
   */
  static Run insert(
      Handle handle,
      String pipeline,
      LocalDate date,
      int attempt,
      String clusterId,
      boolean afresh,
      RunState state,
      Instant now) {
    String id = pipeline + "/" + date + "/" + attempt;
    handle.execute(
        "insert into run (id, pipeline, logical_date, attempt, cluster_id, afresh, state, started_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        pipeline,
        date,
        attempt,
        clusterId,
        afresh,
        state,
        now);
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
