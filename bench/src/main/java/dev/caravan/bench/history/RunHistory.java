package dev.caravan.bench.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the rows of runs that have ended into an empty journal, as many as a real run leaves: its
 * session, the statuses of its cluster, two jobs, its steps and events.
 */
public final class RunHistory {
  public static final String CLUSTER = "main";

  /** The runs are shared out among them, by date. */
  public static final List<String> PIPELINES =
      IntStream.range(0, 10).mapToObj(number -> "p" + number).toList();

  private static final List<String> STATUSES =
      List.of("STOPPED", "STARTING", "RUNNING", "STOPPING");
  private static final List<String> STEPS =
      List.of(
          "START_CLUSTER", "SUBMIT_JOB", "AWAIT_JOB", "SUBMIT_JOB", "AWAIT_JOB", "STOP_CLUSTER");
  private static final List<String> EVENTS =
      List.of(
          "RUN_QUEUED",
          "RUN_CLAIMED",
          "CLUSTER_STATUS",
          "CLUSTER_START_ASKED",
          "CLUSTER_STATUS",
          "CLUSTER_STATUS",
          "ENDPOINT_READY",
          "JOB_SUBMITTED",
          "JOB_SUCCEEDED",
          "OUTPUT_VERIFIED",
          "JOB_SUBMITTED",
          "JOB_SUCCEEDED",
          "OUTPUT_VERIFIED",
          "CLUSTER_STOP_ASKED",
          "CLUSTER_STATUS",
          "RUN_ENDED");

  private final PreparedStatement run;
  private final PreparedStatement session;
  private final PreparedStatement link;
  private final PreparedStatement status;
  private final PreparedStatement job;
  private final PreparedStatement step;
  private final PreparedStatement event;

  private RunHistory(Connection connection) throws SQLException {
    run =
        connection.prepareStatement(
            "insert into run (id, pipeline, logical_date, attempt, cluster_id, afresh, state, outcome, started_at, ended_at, failure, cause, due_at) values (?, ?, ?, 1, ?, false, ?, ?, ?, ?, ?, 'SCHEDULE', ?)");
    session =
        connection.prepareStatement(
            "insert into cluster_session (cluster_id, ours, state, opened_at, operation_id, running_since, stop_asked_at, stopped_at) values (?, true, 'STOPPED', ?, 'op', ?, ?, ?)");
    link =
        connection.prepareStatement("insert into run_session (run_id, session_id) values (?, ?)");
    status =
        connection.prepareStatement(
            "insert into cluster_status (session_id, status, since, until) values (?, ?, ?, ?)");
    job =
        connection.prepareStatement(
            "insert into job_run (run_id, job, attempt, state, batch_key, batch_id, submitted_at, ended_at) values (?, ?, 1, 'VERIFIED', ?, 1, ?, ?)");
    step =
        connection.prepareStatement(
            "insert into step (run_id, step, subject, begun_at, ended_at) values (?, ?, '', ?, ?)");
    event =
        connection.prepareStatement(
            "insert into event (run_id, at, kind, subject, detail) values (?, ?, ?, 'main', '')");
  }

  /**
   * Writes so many runs; the latest date of each pipeline is that of the day before yesterday.
   *
   * @param pipelines to whom they belong, in turn
   */
  public static void write(Connection connection, int runs, List<String> pipelines)
      throws SQLException {
    connection.setAutoCommit(false);
    RunHistory history = new RunHistory(connection);
    LocalDate last = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    int shares = pipelines.size();
    for (int i = 0; i < runs; i++) {
      Duration later = Duration.ofMinutes(i % shares * 20L);
      history.add(pipelines.get(i % shares), last.minusDays((runs - 1 - i) / shares), i, later);
      if (i % 500 == 499) {
        history.send();
      }
    }
    history.send();
    connection.commit();
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      // PostgreSQL does so by itself within a minute, H2 as it writes.
      statement.execute("analyze");
    }
  }

  /**
   * One in twenty failed.
   *
   * @param later pipelines that share a date come one after the other
   */
  private void add(String pipeline, LocalDate date, int number, Duration later)
      throws SQLException {
    String id = pipeline + "/" + date + "/1";
    boolean failed = number % 20 == 19;
    Instant due = date.plusDays(1).atTime(3, 30).toInstant(ZoneOffset.UTC).plus(later);
    String state = failed ? "FAILED" : "SUCCEEDED";
    add(
        run,
        id,
        pipeline,
        date,
        CLUSTER,
        state,
        state,
        at(due, 0),
        at(due, 900),
        failed ? "exit code 1" : null,
        at(due, 0));
    add(session, CLUSTER, at(due, 1), at(due, 120), at(due, 800), at(due, 880));
    add(link, id, number + 1L);
    for (int i = 0; i < STATUSES.size(); i++) {
      add(status, number + 1L, STATUSES.get(i), at(due, i * 200), at(due, i * 200 + 200));
    }
    for (String name : List.of("layer", "marts")) {
      add(job, id, name, id + "/" + name, at(due, 200), at(due, 700));
    }
    for (int i = 0; i < STEPS.size(); i++) {
      add(step, id, STEPS.get(i), at(due, i * 100), at(due, i * 100 + 100));
    }
    for (int i = 0; i < EVENTS.size(); i++) {
      add(event, id, at(due, i * 50), EVENTS.get(i));
    }
  }

  private static Timestamp at(Instant begin, long seconds) {
    return Timestamp.from(begin.plusSeconds(seconds));
  }

  private static void add(PreparedStatement rows, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      rows.setObject(i + 1, values[i]);
    }
    rows.addBatch();
  }

  private void send() throws SQLException {
    for (PreparedStatement rows : List.of(run, session, link, status, job, step, event)) {
      rows.executeBatch();
    }
  }
}
