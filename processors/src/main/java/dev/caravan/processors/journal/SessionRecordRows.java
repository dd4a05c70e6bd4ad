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
  private final Handle handle;
  private final String chosen;
  private final String itsRuns;
  private final Map<String, ?> values;

  /**
   * @param chosen which sessions, a subselect of their ids
   * @param values of its parameters
   */
  private SessionRecordRows(Handle handle, String chosen, Map<String, ?> values) {
    this.handle = handle;
    this.chosen = chosen;
    this.itsRuns = "(select run_id from run_session where session_id in " + chosen + ")";
    this.values = values;
  }

  /** Which run used which session. */
  private record Use(long sessionId, String runId) {}

  /** Those that were opened in this span of time, oldest first. */
  static List<SessionRecord> between(Handle handle, Instant from, Instant until) {
    return new SessionRecordRows(
            handle,
            "(select id from cluster_session where opened_at >= :from and opened_at < :until and state <> 'OPENED')",
            Map.of("from", from, "until", until))
        .read();
  }

  /** The one of this id. */
  static SessionRecord one(Handle handle, long id) {
    return new SessionRecordRows(
            handle, "(select id from cluster_session where id = :id)", Map.of("id", id))
        .read()
        .get(0);
  }

  private List<SessionRecord> read() {
    List<ClusterSession> sessions =
        all(
            ClusterSession.class,
            "select * from cluster_session where id in " + chosen + " order by id");
    Map<Long, List<ClusterStatusInterval>> statuses =
        grouped(
            all(
                ClusterStatusInterval.class,
                "select * from cluster_status where session_id in " + chosen + " order by id"),
            ClusterStatusInterval::sessionId);
    Map<Long, Set<String>> uses =
        handle
            .createQuery("select * from run_session where session_id in " + chosen)
            .bindMap(values)
            .map((row, context) -> new Use(row.getLong("session_id"), row.getString("run_id")))
            .list()
            .stream()
            .collect(
                Collectors.groupingBy(
                    Use::sessionId, Collectors.mapping(Use::runId, Collectors.toSet())));
    List<Run> runs =
        all(Run.class, "select * from run where id in " + itsRuns + " order by started_at, id");
    Map<String, List<JobRun>> attempts =
        grouped(
            all(
                JobRun.class,
                "select * from job_run where run_id in " + itsRuns + " order by submitted_at"),
            JobRun::runId);
    Map<String, List<StepRecord>> steps =
        grouped(
            all(StepRecord.class, "select * from step where run_id in " + itsRuns + " order by id"),
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

  private <T> List<T> all(Class<T> type, String sql) {
    return handle.createQuery(sql).bindMap(values).mapTo(type).list();
  }

  private static <K, T> Map<K, List<T>> grouped(List<T> rows, Function<T, K> key) {
    return rows.stream().collect(Collectors.groupingBy(key));
  }

  private static <T> List<T> of(Collection<String> runs, Map<String, List<T>> rows) {
    return runs.stream().flatMap(run -> rows.getOrDefault(run, List.of()).stream()).toList();
  }
}
