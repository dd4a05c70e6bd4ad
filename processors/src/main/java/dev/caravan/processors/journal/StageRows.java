package dev.caravan.processors.journal;

import dev.caravan.shared.batches.SparkStage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The rows of Spark stages. */
final class StageRows {
  private static final int LONGEST_TEXT = 300;

  private StageRows() {}

  /** Replaces what is known of the attempt. */
  static void write(Handle handle, JobRun attempt, List<SparkStage> stages) {
    handle.execute(
        "delete from job_stage where run_id = ? and job = ? and attempt = ?",
        attempt.runId(),
        attempt.job(),
        attempt.attempt());
    if (stages.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into job_stage (run_id, job, attempt, stage, stage_attempt, name, submitted_at,"
                + " completed_at, tasks, failure) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (SparkStage stage : stages) {
      batch.add(
          attempt.runId(),
          attempt.job(),
          attempt.attempt(),
          stage.id(),
          stage.attempt(),
          cut(stage.name()),
          stage.submittedAt(),
          stage.completedAt(),
          stage.tasks(),
          stage.failure().map(StageRows::cut));
    }
    batch.execute();
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** Of all attempts of a run's jobs, in the order in which they began. */
  static List<JobStage> of(Handle handle, String runId) {
    return handle
        .createQuery(
            "select * from job_stage where run_id = ?"
                + " order by job, attempt, submitted_at, stage, stage_attempt")
        .bind(0, runId)
        .map((row, context) -> stage(row))
        .list();
  }

  private static JobStage stage(ResultSet row) throws SQLException {
    return new JobStage(
        row.getString("job"),
        row.getInt("attempt"),
        new SparkStage(
            row.getInt("stage"),
            row.getInt("stage_attempt"),
            row.getString("name"),
            time(row, "submitted_at"),
            time(row, "completed_at"),
            row.getInt("tasks"),
            Optional.ofNullable(row.getString("failure"))));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
