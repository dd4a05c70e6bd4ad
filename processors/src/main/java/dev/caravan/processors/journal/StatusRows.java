package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of the statuses that clusters were seen in. */
final class StatusRows {
  private StatusRows() {}

  /** The status that the sessions of the run saw last. */
  static Optional<String> last(Handle handle, String runId) {
    return handle
        .createQuery(
            "select c.status from cluster_status c join run_session l on l.session_id = c.session_id where l.run_id = ? order by c.id desc limit 1")
        .bind(0, runId)
        .mapTo(String.class)
        .findOne();
  }

  /** Begins an interval of the session, unless the status is what it saw last; ends the others. */
  static void seen(Handle handle, ClusterSession session, String status, Instant now) {
    boolean same =
        handle
                .createQuery(
                    "select count(*) from cluster_status where session_id = ? and status = ? and until is null")
                .bind(0, session.id())
                .bind(1, status)
                .mapTo(Integer.class)
                .one()
            > 0;
    if (same) {
      return;
    }
    handle.execute(
        "update cluster_status set until = ? where until is null and session_id in (select id from cluster_session where cluster_id = ?)",
        now,
        session.clusterId());
    handle.execute(
        "insert into cluster_status (session_id, status, since) values (?, ?, ?)",
        session.id(),
        status,
        now);
  }

  /** Ends what nobody looks at any more: no stop is owed, and no run is under way. */
  static void close(Handle handle, String clusterId, Instant now) {
    handle.execute(
        """
        update cluster_status set until = ? where until is null and session_id in (
          select s.id from cluster_session s
          where s.cluster_id = ? and (not s.ours or s.state in ('STOPPED', 'LEFT_RUNNING'))
          and not exists (select 1 from run_session l join run r on r.id = l.run_id where l.session_id = s.id and r.state = 'RUNNING'))""",
        now,
        clusterId);
  }

  /** Oldest first. */
  static List<ClusterStatusInterval> of(Handle handle, String runId) {
    return handle
        .createQuery(
            "select c.* from cluster_status c join run_session l on l.session_id = c.session_id where l.run_id = ? order by c.id")
        .bind(0, runId)
        .mapTo(ClusterStatusInterval.class)
        .list();
  }
}
