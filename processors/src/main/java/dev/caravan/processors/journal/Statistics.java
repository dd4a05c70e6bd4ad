package dev.caravan.processors.journal;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Counts over the whole journal, for monitoring. Reads only. For use by many threads. */
public final class Statistics {
  private final Transactions transactions;

  Statistics(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * The runs of a pipeline that are in a state.
   *
   * @param time from begin to end, all together; zero unless they have ended
   */
  public record Runs(String pipeline, RunState state, long count, Duration time) {}

  /**
   * The runs that wait on a cluster.
   *
   * @param oldestDue of those of no backfill that are due; empty: none waits
   */
  public record Queue(String clusterId, long count, Optional<Instant> oldestDue) {}

  /** How long the sessions of a cluster saw it in a status, an interval that goes on included. */
  public record StatusTime(String clusterId, String status, Duration time) {}

  /**
   * Alarms of a kind.
   *
   * @param ever how many were raised since the journal began
   * @param now how many are not cleared
   */
  public record AlarmCount(AlarmKind kind, long ever, long now) {}

  /**
   * Messages of the outbox in a state.
   *
   * @param oldest when the oldest was written
   */
  public record Messages(Notification.State state, long count, Instant oldest) {}

  /**
   * All of it as of one moment.
   *
   * @param lastSuccess by pipeline, when its latest run that succeeded ended
   */
  public record Figures(
      List<Runs> runs,
      Map<String, Instant> lastSuccess,
      List<Queue> queues,
      List<StatusTime> statuses,
      List<AlarmCount> alarms,
      List<Messages> messages) {
    public Figures {
      runs = List.copyOf(runs);
      lastSuccess = Map.copyOf(lastSuccess);
      queues = List.copyOf(queues);
      statuses = List.copyOf(statuses);
      alarms = List.copyOf(alarms);
      messages = List.copyOf(messages);
    }
  }

  /** Reads it. */
  public Figures read() {
    return transactions.inTransaction(
        transaction ->
            new Figures(
                runs(transaction.handle),
                lastSuccess(transaction.handle),
                queues(transaction.handle),
                statuses(transaction.handle, transaction.now()),
                alarms(transaction.handle),
                messages(transaction.handle)));
  }

  private static List<Runs> runs(Handle handle) {
    return handle
        .createQuery(
            "select pipeline, state, count(*) as runs,"
                + " coalesce(sum(extract(epoch from (ended_at - started_at))), 0) as seconds"
                + " from run group by pipeline, state order by pipeline, state")
        .map(
            (row, context) ->
                new Runs(
                    row.getString("pipeline"),
                    RunState.valueOf(row.getString("state")),
                    row.getLong("runs"),
                    seconds(row.getDouble("seconds"))))
        .list();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }

  private static Map<String, Instant> lastSuccess(Handle handle) {
    Map<String, Instant> last = new LinkedHashMap<>();
    handle
        .createQuery(
            "select pipeline, max(ended_at) as latest from run where state = ? group by pipeline")
        .bind(0, RunState.SUCCEEDED)
        .map(
            (row, context) ->
                Map.entry(row.getString("pipeline"), row.getTimestamp("latest").toInstant()))
        .forEach(each -> last.put(each.getKey(), each.getValue()));
    return last;
  }

  private static List<Queue> queues(Handle handle) {
    return handle
        .createQuery(
            "select cluster_id, count(*) as runs,"
                + " min(case when backfill_id is null then due_at end) as oldest"
                + " from run where state = ? and cluster_id is not null group by cluster_id")
        .bind(0, RunState.QUEUED)
        .map(
            (row, context) ->
                new Queue(
                    row.getString("cluster_id"),
                    row.getLong("runs"),
                    Optional.ofNullable(row.getTimestamp("oldest")).map(Timestamp::toInstant)))
        .list();
  }

  private static List<StatusTime> statuses(Handle handle, Instant now) {
    return handle
        .createQuery(
            "select s.cluster_id, c.status,"
                + " sum(extract(epoch from (coalesce(c.until, :now) - c.since))) as seconds"
                + " from cluster_status c join cluster_session s on s.id = c.session_id"
                + " group by s.cluster_id, c.status order by s.cluster_id, c.status")
        .bind("now", now)
        .map(
            (row, context) ->
                new StatusTime(
                    row.getString("cluster_id"),
                    row.getString("status"),
                    seconds(row.getDouble("seconds"))))
        .list();
  }

  private static List<AlarmCount> alarms(Handle handle) {
    return handle
        .createQuery(
            "select kind, count(*) as ever,"
                + " sum(case when cleared_at is null then 1 else 0 end) as raised"
                + " from alarm group by kind order by kind")
        .map(
            (row, context) ->
                new AlarmCount(
                    AlarmKind.valueOf(row.getString("kind")),
                    row.getLong("ever"),
                    row.getLong("raised")))
        .list();
  }

  private static List<Messages> messages(Handle handle) {
    return handle
        .createQuery(
            "select state, count(*) as messages, min(created_at) as oldest"
                + " from notification group by state order by state")
        .map(
            (row, context) ->
                new Messages(
                    Notification.State.valueOf(row.getString("state")),
                    row.getLong("messages"),
                    row.getTimestamp("oldest").toInstant()))
        .list();
  }
}
