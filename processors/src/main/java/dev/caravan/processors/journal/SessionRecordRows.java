package dev.caravan.processors.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Reads whole sessions, with a fixed number of queries for any number of them. */
final class SessionRecordRows {
  private static final String CHOSEN =
      "(select id from cluster_session where opened_at >= :from and opened_at < :until and state <> 'OPENED')";
  private static final String ITS_RUNS =
      "(select run_id from run_session where session_id in " + CHOSEN + ")";

  private SessionRecordRows() {}

  /** Which run used which session. */
  private record Use(long sessionId, String runId) {}

  /** Those that were opened in this span of time, oldest first. */
  static List<SessionRecord> between(Handle handle, Instant from, Instant until) {
    List<ClusterSession> sessions =
        all(
            handle,
            ClusterSession.class,
            "select * from cluster_session where id in " + CHOSEN + " order by id",
            from,
            until);
    Map<Long, List<ClusterStatusInterval>> statuses =
        grouped(
            all(
                handle,
                ClusterStatusInterval.class,
                "select * from cluster_status where session_id in " + CHOSEN + " order by id",
                from,
                until),
            ClusterStatusInterval::sessionId);
    Map<Long, Set<String>> uses =
        handle
            .createQuery("select * from run_session where session_id in " + CHOSEN)
            .bind("from", from)
            .bind("until", until)
            .map((row, context) -> new Use(row.getLong("session_id"), row.getString("run_id")))
            .list()
            .stream()
            .collect(
                Collectors.groupingBy(
                    Use::sessionId, Collectors.mapping(Use::runId, Collectors.toSet())));
    List<Run> runs =
        all(
            handle,
            Run.class,
            "select * from run where id in " + ITS_RUNS + " order by started_at, id",
            from,
            until);
    Map<String, List<JobRun>> attempts =
        grouped(
            all(
                handle,
                JobRun.class,
                "select * from job_run where run_id in " + ITS_RUNS + " order by submitted_at",
                from,
                until),
            JobRun::runId);
    Map<String, List<StepRecord>> steps =
        grouped(
            all(
                handle,
                StepRecord.class,
                "select * from step where run_id in " + ITS_RUNS + " order by id",
                from,
                until),
            StepRecord::runId);
    return sessions.stream()
        .map(
            session -> {
              Set<String> its = uses.getOrDefault(session.id(), Set.of());
              return new SessionRecord(
                  session,
                  statuses.getOrDefault(session.id(), List.of()),
                  runs.stream().filter(run -> its.contains(run.id())).toList(),
                  of(its, attempts),
                  of(its, steps));
            })
        .toList();
  }

  private static <T> List<T> all(
      Handle handle, Class<T> type, String sql, Instant from, Instant until) {
    return handle.createQuery(sql).bind("from", from).bind("until", until).mapTo(type).list();
  }

  private static <K, T> Map<K, List<T>> grouped(List<T> rows, Function<T, K> key) {
    return rows.stream().collect(Collectors.groupingBy(key));
  }

  private static <T> List<T> of(Collection<String> runs, Map<String, List<T>> rows) {
    return runs.stream().flatMap(run -> rows.getOrDefault(run, List.of()).stream()).toList();
  }
}
