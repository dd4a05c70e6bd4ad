package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.EmptyHandling;

/** The rows of cluster sessions. */
final class SessionRows {
  /** As many of the latest sessions are looked at for what is usual. */
  static final int REMEMBERED = 9;

  private SessionRows() {}

  /** The run's latest, one that has only looked at its cluster among them. */
  static Optional<ClusterSession> latest(Handle handle, String runId) {
    return handle
        .createQuery(
            "select s.* from cluster_session s join run_session r on r.session_id = s.id where r.run_id = ? order by s.id desc limit 1")
        .bind(0, runId)
        .mapTo(ClusterSession.class)
        .findOne();
  }

  /** The run's latest that used the cluster. */
  static Optional<ClusterSession> used(Handle handle, String runId) {
    return latest(handle, runId).filter(session -> session.state() != SessionState.OPENED);
  }

  /**
   * The run's session for a look at the cluster: its latest, or a new one that has asked for
   * nothing.
   */
  static ClusterSession looking(Handle handle, Run run, Instant now) {
    return latest(handle, run.id())
        .orElseGet(
            () ->
                insert(
                    handle, run.id(), run.clusterId().orElse(""), false, SessionState.OPENED, now));
  }

  /** Begins the use of a cluster: in the session that has only looked so far, or in a new one. */
  static ClusterSession use(
      Handle handle, String runId, String clusterId, boolean ours, Instant now) {
    SessionState state = ours ? SessionState.START_ASKED : SessionState.FOUND_RUNNING;
    Optional<ClusterSession> opened =
        latest(handle, runId).filter(session -> session.state() == SessionState.OPENED);
    if (opened.isEmpty()) {
      return insert(handle, runId, clusterId, ours, state, now);
    }
    Transitions.require(name(opened.get()), opened.get().state(), state);
    handle.execute(
        "update cluster_session set cluster_id = ?, ours = ?, state = ?, opened_at = ? where id = ?",
        clusterId,
        ours,
        state,
        now,
        opened.get().id());
    return latest(handle, runId).orElseThrow();
  }

  /**
   * A run that begins while a session is open on its cluster joins that, whoever left it; one that
   * has a session stays there.
   */
  static void join(Handle handle, Run run, String clusterId) {
    if (latest(handle, run.id()).isEmpty()) {
      latestOn(handle, clusterId, false)
          .filter(session -> !session.isOver() && !session.stopPending())
          .ifPresent(session -> link(handle, run.id(), session.id()));
    }
  }

  private static void link(Handle handle, String runId, long sessionId) {
    handle.execute("insert into run_session (run_id, session_id) values (?, ?)", runId, sessionId);
  }

  private static ClusterSession insert(
      Handle handle,
      String runId,
      String clusterId,
      boolean ours,
      SessionState state,
      Instant now) {
    long id =
        handle
            .createUpdate(
                "insert into cluster_session (cluster_id, ours, state, opened_at) values (?, ?, ?, ?)")
            .bind(0, clusterId)
            .bind(1, ours)
            .bind(2, state)
            .bind(3, now)
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    link(handle, runId, id);
    return latest(handle, runId).orElseThrow();
  }

  /** A session of its own for a stop that a person asked for. */
  static ClusterSession owe(Handle handle, String runId, String clusterId, Instant now) {
    ClusterSession session = insert(handle, runId, clusterId, true, SessionState.STOP_ASKED, now);
    handle.execute("update cluster_session set stop_asked_at = ? where id = ?", now, session.id());
    return session;
  }

  static void startAccepted(Handle handle, String runId, String operationId) {
    used(handle, runId)
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
   * @return the session, if the stop was not asked for before
   */
  static Optional<ClusterSession> stopAsked(Handle handle, String runId, Instant now) {
    Optional<ClusterSession> open =
        latest(handle, runId)
            .filter(session -> Transitions.allows(session.state(), SessionState.STOP_ASKED));
    open.ifPresent(
        session ->
            change(handle, session, SessionState.STOP_ASKED, "stop_asked_at", Optional.of(now)));
    return open;
  }

  /**
   * @return the session, if it was not left before
   */
  static Optional<ClusterSession> leftRunning(Handle handle, String runId) {
    Optional<ClusterSession> open =
        latest(handle, runId)
            .filter(session -> Transitions.allows(session.state(), SessionState.LEFT_RUNNING));
    open.ifPresent(
        session ->
            change(handle, session, SessionState.LEFT_RUNNING, "stopped_at", Optional.empty()));
    return open;
  }

  /**
   * Settles every open session of the cluster: it is stopped for all of them.
   *
   * @return those that were open
   */
  static List<ClusterSession> stopped(Handle handle, String clusterId, Instant now) {
    List<ClusterSession> open =
        handle
            .createQuery(
                "select * from cluster_session where cluster_id = ? and state not in ('OPENED', 'STOPPED', 'LEFT_RUNNING') for update")
            .bind(0, clusterId)
            .mapTo(ClusterSession.class)
            .list();
    open.forEach(
        session -> change(handle, session, SessionState.STOPPED, "stopped_at", Optional.of(now)));
    return open;
  }

  private static void change(
      Handle handle,
      ClusterSession session,
      SessionState next,
      String column,
      Optional<Instant> at) {
    Transitions.require(name(session), session.state(), next);
    handle.execute(
        "update cluster_session set state = ?, " + column + " = ? where id = ?",
        next,
        at,
        session.id());
  }

  private static String name(ClusterSession session) {
    return "Session " + session.id() + " of cluster " + session.clusterId();
  }

  /**
   * The cluster's latest, of whichever run.
   *
   * @param owed only those that still owe its stop
   */
  static Optional<ClusterSession> latestOn(Handle handle, String clusterId, boolean owed) {
    String which =
        owed ? " and ours and state not in ('STOPPED', 'LEFT_RUNNING')" : " and state <> 'OPENED'";
    return handle
        .createQuery(
            "select * from cluster_session where cluster_id = ?"
                + which
                + " order by id desc limit 1")
        .bind(0, clusterId)
        .mapTo(ClusterSession.class)
        .findOne();
  }

  /**
   * Those that owe a stop though all their runs have ended, of one of these pipelines or on one of
   * these clusters.
   */
  static List<ClusterSession> forgotten(
      Handle handle, Collection<String> pipelines, Collection<String> clusterIds) {
    return handle
        .createQuery(
            """
            select s.* from cluster_session s
            where s.ours and s.state not in ('STOPPED', 'LEFT_RUNNING')
            and not exists (select 1 from run_session l join run r on r.id = l.run_id where l.session_id = s.id and r.state = 'RUNNING')
            and (s.cluster_id in (<clusters>) or exists (select 1 from run_session l join run r on r.id = l.run_id where l.session_id = s.id and r.pipeline in (<pipelines>)))
            order by s.id""")
        .bindList(EmptyHandling.NULL_KEYWORD, "clusters", List.copyOf(clusterIds))
        .bindList(EmptyHandling.NULL_KEYWORD, "pipelines", List.copyOf(pipelines))
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
