package dev.caravan.processors.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The journal in pages, for people and programs who look at it. A page is found by the place where
 * the one before it ended, so that the last of many costs what the first does. For use by many
 * threads.
 */
public final class History {
  private final Transactions transactions;

  History(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Where a page of runs ended: its last run. */
  public record Place(Instant startedAt, String runId) {
    public static Place of(Run run) {
      return new Place(run.startedAt(), run.id());
    }
  }

  /**
   * Runs, the newest first.
   *
   * @param after those that follow this place; empty: from the newest on
   */
  public List<Run> runs(RunFilter filter, Optional<Place> after, int limit) {
    StringBuilder sql = new StringBuilder("select * from run where 1 = 1");
    filter.pipeline().ifPresent(set -> sql.append(" and pipeline = :pipeline"));
    filter.from().ifPresent(set -> sql.append(" and logical_date >= :from"));
    filter.to().ifPresent(set -> sql.append(" and logical_date <= :to"));
    filter.backfillId().ifPresent(set -> sql.append(" and backfill_id = :backfill"));
    if (!filter.states().isEmpty()) {
      sql.append(" and state in (<states>)");
    }
    after.ifPresent(
        place -> sql.append(" and started_at <= :at and (started_at < :at or id < :id)"));
    sql.append(" order by started_at desc, id desc limit :limit");
    return transactions.read(
        handle -> {
          Query query = handle.createQuery(sql.toString()).bind("limit", limit);
          filter.pipeline().ifPresent(value -> query.bind("pipeline", value));
          filter.from().ifPresent(value -> query.bind("from", value));
          filter.to().ifPresent(value -> query.bind("to", value));
          filter.backfillId().ifPresent(value -> query.bind("backfill", value));
          if (!filter.states().isEmpty()) {
            query.bindList("states", filter.states().stream().map(Enum::name).toList());
          }
          after.ifPresent(place -> query.bind("at", place.startedAt()).bind("id", place.runId()));
          return query.mapTo(Run.class).list();
        });
  }

  /** The runs of a pipeline's logical dates, both ends included, with their jobs: three queries. */
  public RunsOfDates runsOfDates(String pipeline, LocalDate from, LocalDate to) {
    String those = "r.pipeline = :pipeline and r.logical_date between :from and :to";
    return transactions.read(
        handle -> {
          List<Run> runs =
              ofDates(handle, "select r.* from run r where " + those, pipeline, from, to)
                  .mapTo(Run.class)
                  .list();
          Map<String, List<JobRun>> jobs =
              ofDates(
                      handle,
                      "select j.* from job_run j join run r on r.id = j.run_id where " + those,
                      pipeline,
                      from,
                      to)
                  .mapTo(JobRun.class)
                  .list()
                  .stream()
                  .collect(Collectors.groupingBy(JobRun::runId));
          Map<String, Long> rows = new HashMap<>();
          ofDates(
                  handle,
                  "select o.run_id, sum(o.row_count) as found from job_output o join run r on r.id = o.run_id where "
                      + those
                      + " and o.row_count is not null group by o.run_id",
                  pipeline,
                  from,
                  to)
              .map((row, context) -> Map.entry(row.getString("run_id"), row.getLong("found")))
              .forEach(each -> rows.put(each.getKey(), each.getValue()));
          return new RunsOfDates(runs, jobs, rows);
        });
  }

  private static Query ofDates(
      Handle handle, String sql, String pipeline, LocalDate from, LocalDate to) {
    return handle.createQuery(sql).bind("pipeline", pipeline).bind("from", from).bind("to", to);
  }

  /**
   * Backfills, the newest first.
   *
   * @param before those with a lower number
   */
  public List<Backfill> backfills(Optional<String> pipeline, Optional<Long> before, int limit) {
    return newest("backfill", Backfill.class, "pipeline", pipeline, before, limit);
  }

  /**
   * Sessions that used a cluster, the newest first.
   *
   * @param before those with a lower number
   */
  public List<ClusterSession> sessions(
      Optional<String> clusterId, Optional<Long> before, int limit) {
    return newest("cluster_session", ClusterSession.class, "cluster_id", clusterId, before, limit);
  }

  private <T> List<T> newest(
      String table,
      Class<T> type,
      String column,
      Optional<String> value,
      Optional<Long> before,
      int limit) {
    String sql =
        "select * from "
            + table
            + " where 1 = 1"
            + (value.isPresent() ? " and " + column + " = :value" : "")
            + (before.isPresent() ? " and id < :before" : "")
            + " order by id desc limit :limit";
    return transactions.read(
        handle -> {
          Query query = handle.createQuery(sql).bind("limit", limit);
          value.ifPresent(known -> query.bind("value", known));
          before.ifPresent(known -> query.bind("before", known));
          return query.mapTo(type).list();
        });
  }

  /** All that is known of the sessions that were opened in this span of time, oldest first. */
  public List<SessionRecord> sessionsBetween(Instant from, Instant until) {
    return transactions.read(handle -> SessionRecordRows.between(handle, from, until));
  }

  public Optional<ClusterSession> session(long id) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select * from cluster_session where id = ?")
                .bind(0, id)
                .mapTo(ClusterSession.class)
                .findOne());
  }

  /** What the session saw of its cluster, oldest first. */
  public List<ClusterStatusInterval> statuses(long sessionId) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select * from cluster_status where session_id = ? order by id")
                .bind(0, sessionId)
                .mapTo(ClusterStatusInterval.class)
                .list());
  }

  /** The ids of the runs that used the session, in the order in which they began. */
  public List<String> runsOf(long sessionId) {
    return transactions.read(
        handle ->
            handle
                .createQuery(
                    "select r.id from run r join run_session l on l.run_id = r.id where l.session_id = ? order by r.started_at, r.id")
                .bind(0, sessionId)
                .mapTo(String.class)
                .list());
  }

  /** The run that is under way on the cluster; the oldest, if there are several. */
  public Optional<Run> runningOn(String clusterId) {
    return transactions.read(handle -> RunRows.runningOn(handle, clusterId));
  }

  /** How many runs are queued for the cluster. */
  public int queuedOn(String clusterId) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select count(*) from run where cluster_id = ? and state = ?")
                .bind(0, clusterId)
                .bind(1, RunState.QUEUED)
                .mapTo(Integer.class)
                .one());
  }

  /** Events of everything, the oldest first, that were written after the one of this number. */
  public List<StoredEvent> events(long after, int limit) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select * from event where id > ? order by id limit ?")
                .bind(0, after)
                .bind(1, limit)
                .map((row, context) -> event(row))
                .list());
  }

  /** Events of a run, oldest first. */
  public List<StoredEvent> eventsOf(String runId) {
    return transactions.read(
        handle ->
            handle
                .createQuery("select * from event where run_id = ? order by id")
                .bind(0, runId)
                .map((row, context) -> event(row))
                .list());
  }

  /** The number of the latest event; 0 if there is none. */
  public long lastEvent() {
    return transactions.read(
        handle ->
            handle.createQuery("select coalesce(max(id), 0) from event").mapTo(Long.class).one());
  }

  private static StoredEvent event(ResultSet row) throws SQLException {
    return new StoredEvent(
        row.getLong("id"),
        new RunEvent(
            Objects.requireNonNullElse(row.getString("run_id"), ""),
            row.getTimestamp("at").toInstant(),
            RunEvent.Kind.valueOf(row.getString("kind")),
            row.getString("subject"),
            row.getString("detail")));
  }

  /**
   * Those of a look for new events that no other may still come before. Two transactions at a time
   * take their numbers in one order and may commit in the other: behind a gap nothing is said until
   * the longest transaction must have ended.
   *
   * @param last the number up to which everything is known
   * @param now as the writers' clocks say
   */
  public static List<StoredEvent> settled(List<StoredEvent> found, long last, Instant now) {
    List<StoredEvent> settled = new ArrayList<>();
    long known = last;
    for (StoredEvent each : found) {
      boolean gap = each.id() != known + 1;
      if (gap && each.event().at().isAfter(now.minus(Database.LONGEST_TRANSACTION))) {
        return settled;
      }
      settled.add(each);
      known = each.id();
    }
    return settled;
  }
}
