package dev.caravan.cloud.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the orchestrator's journal from outside after its process has ended, with plain SQL. */
final class JournalFile {
  private final String url;

  /**
   * @param url of the journal's database, with the user if it asks for one
   */
  JournalFile(String url) {
    this.url = url.startsWith("jdbc:h2:") ? url + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE" : url;
  }

  /** A run of the date. */
  record Run(String id, int attempt, String state, String failure) {}

  /** An attempt of a job. */
  record Job(String run, String job, int attempt, String state, String key) {}

  /** A use of the cluster. */
  record Session(String run, boolean ours, String state) {}

  /** A step that a run took. */
  record Step(String step, Instant begun, Optional<Instant> ended) {}

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  List<Run> runs() throws SQLException {
    return read(
        "select id, attempt, state, failure from run order by attempt",
        row -> new Run(row.getString(1), row.getInt(2), row.getString(3), row.getString(4)));
  }

  List<Job> jobs() throws SQLException {
    return read(
        "select run_id, job, attempt, state, batch_key from job_run order by job, attempt",
        row ->
            new Job(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5)));
  }

  List<Session> sessions() throws SQLException {
    return read(
        "select l.run_id, s.ours, s.state from cluster_session s join run_session l on l.session_id = s.id where s.state <> 'OPENED' order by s.id",
        row -> new Session(row.getString(1), row.getBoolean(2), row.getString(3)));
  }

  /** How many uses of the cluster began with a start of ours. */
  int starts() throws SQLException {
    return read(
            "select count(*) from cluster_session where ours and state <> 'OPENED'",
            row -> row.getInt(1))
        .get(0);
  }

  List<Step> steps() throws SQLException {
    return read(
        "select step, begun_at, ended_at from step order by id",
        row ->
            new Step(
                row.getString(1),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant)));
  }

  /** Backfills that wait for a person, the oldest first. */
  List<Long> heldBackfills() throws SQLException {
    return read("select id from backfill where state = 'HELD' order by id", row -> row.getLong(1));
  }

  List<String> claims() throws SQLException {
    return read("select resource from claim", row -> row.getString(1));
  }

  private <T> List<T> read(String sql, Reader<T> reader) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(reader.read(found));
      }
    }
    return rows;
  }
}
