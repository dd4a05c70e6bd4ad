package dev.caravan.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.RunGrid;
import dev.caravan.routes.operations.ShippedJobLogs;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.MutableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The grid of a pipeline over a journal with many runs. */
class PipelinePageViewTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 29);
  private static final int MANY = 10_000;

  @TempDir Path directory;

  /** What is seen of so many runs, one each date, and how many statements it took. */
  private record Seen(PipelinePageView page, long statements) {}

  private Seen look(int runs) throws Exception {
    Settings settings = new TestInstallation(directory).read();
    String url = "jdbc:h2:mem:grid-" + runs + "-" + System.nanoTime();
    MutableClock clock = new MutableClock(NOW);
    try (Journal journal = Journal.open(JournalConfig.of(url), clock);
        Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        JournalControlPlane plane =
            new JournalControlPlane(
                settings, journal, clock, ShippedJobLogs.in(new DefaultCamelContext()))) {
      write(connection, runs);
      statement.execute("set query_statistics_max_entries 500");
      statement.execute("set query_statistics true");
      PipelinePageView page =
          PipelinePageView.of(plane, plane, "marts", PipelinePageView.YEAR, NOW);
      try (ResultSet counted =
          statement.executeQuery(
              "select sum(execution_count) from information_schema.query_statistics")) {
        counted.next();
        return new Seen(page, counted.getLong(1));
      }
    }
  }

  private static void write(Connection connection, int runs) throws SQLException {
    try (PreparedStatement run =
            connection.prepareStatement(
                "insert into run (id, pipeline, logical_date, attempt, cluster_id, afresh, state, outcome, started_at, ended_at) values (?, 'marts', ?, 1, 'c', false, 'SUCCEEDED', 'SUCCEEDED', ?, ?)");
        PreparedStatement job =
            connection.prepareStatement(
                "insert into job_run (run_id, job, attempt, state, batch_key, submitted_at, ended_at) values (?, ?, 1, 'VERIFIED', ?, ?, ?)")) {
      for (int i = 0; i < runs; i++) {
        LocalDate date = TODAY.minusDays(i);
        String id = "marts/" + date + "/1";
        Timestamp at = Timestamp.from(NOW.minusSeconds(86_400L * i + 3_600));
        run.setString(1, id);
        run.setDate(2, Date.valueOf(date));
        run.setTimestamp(3, at);
        run.setTimestamp(4, at);
        run.addBatch();
        for (String name : new String[] {"load", "mart"}) {
          job.setString(1, id);
          job.setString(2, name);
          job.setString(3, id + name);
          job.setTimestamp(4, at);
          job.setTimestamp(5, at);
          job.addBatch();
        }
      }
      run.executeBatch();
      job.executeBatch();
    }
  }

  @Test
  void manyRunsTakeNoMoreStatementsThanFew() throws Exception {
    Seen few = look(3);
    Seen many = look(MANY);

    assertThat(few.statements()).isBetween(3L, 30L);
    assertThat(many.statements()).isEqualTo(few.statements());
    assertThat(many.page().grid().dates()).hasSize(PipelinePageView.YEAR);
    assertThat(many.page().rows()).hasSize(PipelinePageView.YEAR);
    assertThat(few.page().rows()).as("dates without a run, too").hasSize(PipelinePageView.YEAR);
    assertThat(few.page().rows().get(3).day()).isEqualTo(Optional.empty());
    RunGrid.Day day = many.page().grid().dates().get(0);
    assertThat(day.date()).isEqualTo(TODAY);
    assertThat(day.jobs()).containsOnlyKeys("load", "mart");
    assertThat(day.jobs().get("mart").state()).isEqualTo(JobState.VERIFIED);
  }
}
