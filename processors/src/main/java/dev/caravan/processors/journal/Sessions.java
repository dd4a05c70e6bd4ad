package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of cluster sessions. */
final class Sessions {
  /** As many of the latest sessions are looked at for what is usual. */
  static final int REMEMBERED = 9;

  private Sessions() {}

  /** The run's latest. */
  static Optional<ClusterSession> latest(Handle handle, String runId) {
    return handle
        .createQuery("select * from cluster_session where run_id = ? order by id desc limit 1")
        .bind(0, runId)
        .mapTo(ClusterSession.class)
        .findOne();
  }

  static void insert(Handle handle, String runId, String clusterId, boolean ours, Instant now) {
    handle.execute(
        "insert into cluster_session (run_id, cluster_id, ours, state, opened_at) values (?, ?, ?, ?, ?)",
        runId,
        clusterId,
        ours,
        ours ? SessionState.START_ASKED : SessionState.FOUND_RUNNING,
        now);
  }

  static void startAccepted(Handle handle, String runId, String operationId) {
    latest(handle, runId)
        .ifPresent(
            session ->
                handle.execute(
                    "update cluster_session set operation_id = ? where id = ?",
                    operationId,
                    session.id()));
  }

  /** Notes that the cluster runs, the first time. */
  static void seenRunning(Handle handle, String runId, Instant now) {
    latest(handle, runId)
        .filter(session -> session.state() == SessionState.START_ASKED)
        .ifPresent(
            session ->
                change(handle, session, SessionState.RUNNING, "running_since", Optional.of(now)));
  }

  /**
   * @return whether it was not asked before
   */
  static boolean stopAsked(Handle handle, String runId, Instant now) {
    Optional<ClusterSession> open =
        latest(handle, runId)
            .filter(session -> Transitions.allows(session.state(), SessionState.STOP_ASKED));
    open.ifPresent(
        session ->
            change(handle, session, SessionState.STOP_ASKED, "stop_asked_at", Optional.of(now)));
    return open.isPresent();
  }

  static boolean leftRunning(Handle handle, String runId) {
    Optional<ClusterSession> open =
        latest(handle, runId)
            .filter(session -> Transitions.allows(session.state(), SessionState.LEFT_RUNNING));
    open.ifPresent(
        session ->
            change(handle, session, SessionState.LEFT_RUNNING, "stopped_at", Optional.empty()));
    return open.isPresent();
  }

  /** Settles every open session of the cluster: it is stopped for all of them. */
  static void stopped(Handle handle, String clusterId, Instant now) {
    List<ClusterSession> open =
        handle
            .createQuery(
                "select * from cluster_session where cluster_id = ? and state not in ('STOPPED', 'LEFT_RUNNING') for update")
            .bind(0, clusterId)
            .mapTo(ClusterSession.class)
            .list();
    open.forEach(
        session -> change(handle, session, SessionState.STOPPED, "stopped_at", Optional.of(now)));
  }

  private static void change(
      Handle handle,
      ClusterSession session,
      SessionState next,
      String column,
      Optional<Instant> at) {
    Transitions.require("The session of run " + session.runId(), session.state(), next);
    handle.execute(
        "update cluster_session set state = ?, " + column + " = ? where id = ?",
        next,
        at,
        session.id());
  }

  /**
   * The cluster's latest, of whichever run.
   *
   * @param owed only those that still owe its stop
   */
  static Optional<ClusterSession> latestOn(Handle handle, String clusterId, boolean owed) {
    String which = owed ? " and ours and state not in ('STOPPED', 'LEFT_RUNNING')" : "";
    return handle
        .createQuery(
            "select * from cluster_session where cluster_id = ?"
                + which
                + " order by id desc limit 1")
        .bind(0, clusterId)
        .mapTo(ClusterSession.class)
        .findOne();
  }

  /** Those that owe a stop though their run has ended, of this pipeline or on this cluster. */
  static List<ClusterSession> forgotten(Handle handle, String pipeline, String clusterId) {
    return handle
        .createQuery(
            """
            select s.* from cluster_session s join run r on r.id = s.run_id
            where s.ours and s.state not in ('STOPPED', 'LEFT_RUNNING') and r.state <> 'RUNNING' and (r.pipeline = ? or s.cluster_id = ?) order by s.id""")
        .bind(0, pipeline)
        .bind(1, clusterId)
        .mapTo(ClusterSession.class)
        .list();
  }

  /** The median time from asking for the start to running of the latest sessions. */
  static Optional<Duration> usualStart(Handle handle, String clusterId) {
    return median(
        handle
            .createQuery(
                "select * from cluster_session where cluster_id = ? and ours and running_since is not null order by id desc limit "
                    + REMEMBERED)
            .bind(0, clusterId)
            .mapTo(ClusterSession.class)
            .map(
                session ->
                    Duration.between(session.openedAt(), session.runningSince().orElseThrow()))
            .list());
  }

  /** The median time from asking for the stop to STOPPED of the latest sessions. */
  static Optional<Duration> usualStop(Handle handle, String clusterId) {
    return median(
        handle
            .createQuery(
                "select * from cluster_session where cluster_id = ? and ours and stop_asked_at is not null and stopped_at is not null order by id desc limit "
                    + REMEMBERED)
            .bind(0, clusterId)
            .mapTo(ClusterSession.class)
            .map(
                session ->
                    Duration.between(
                        session.stopAskedAt().orElseThrow(), session.stoppedAt().orElseThrow()))
            .list());
  }

  static Optional<Duration> median(List<Duration> durations) {
    return durations.stream().sorted().skip(durations.size() / 2).findFirst();
  }
}
