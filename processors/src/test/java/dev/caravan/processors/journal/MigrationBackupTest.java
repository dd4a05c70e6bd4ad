package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.MutableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationBackupTest {
  private static final LocalDate DATE = LocalDate.of(2026, 11, 21);

  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T03:00:00Z"));
  @TempDir private Path directory;

  private String url() {
    return "jdbc:h2:file:" + directory.resolve("journal");
  }

  private Path backup() {
    return directory.resolve("journal.mv.db.before-migration");
  }

  /** A journal of the time before claims, with a run in each state that matters. */
  private void writeOldJournal() throws Exception {
    Flyway.configure()
        .dataSource(url(), "", "")
        .locations("classpath:dev/caravan/processors/journal")
        .target("2")
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into run values ('marts/2026-11-20/1', 'marts', '2026-11-20', 1, 'SUCCEEDED', now(), now(), null),"
              + " ('marts/2026-11-21/2', 'marts', '2026-11-21', 2, 'RUNNING', now(), null, null)");
      statement.execute(
          "insert into job_run (run_id, job, state, batch_key, batch_id, submitted_at) values ('marts/2026-11-21/2', 'mart', 'SUBMITTED', 'key', 7, now())");
      statement.execute(
          "insert into cluster_session values ('marts/2026-11-20/1', 'c9q', true, now(), 'op', now(), now(), false),"
              + " ('marts/2026-11-21/2', 'c9q', true, now(), 'op', null, null, false)");
    }
  }

  private void assertWhole(Journal journal) {
    Run run = TestRuns.claim(journal, "marts", DATE, "c9q", false);
    assertThat(run.attempt()).isEqualTo(2);
    JobRun job = journal.jobs().find(run, "mart").orElseThrow();
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
    assertThat(job.batchId()).contains(7);
    assertThat(journal.sessions().of(run).orElseThrow().state())
        .isEqualTo(SessionState.START_ASKED);
    Run before = journal.runs().last("marts", DATE.minusDays(1)).orElseThrow();
    assertThat(journal.sessions().of(before).orElseThrow().state()).isEqualTo(SessionState.STOPPED);
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());
  }

  @Test
  void oldJournalIsBroughtUpToDateWithAllThatItHolds() throws Exception {
    writeOldJournal();
    byte[] old = Files.readAllBytes(directory.resolve("journal.mv.db"));
    assertThat(Journal.openToRead(JournalConfig.of(url()), clock)).as("a look").isEmpty();
    assertThat(directory.resolve("journal.mv.db")).hasBinaryContent(old);

    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      assertWhole(journal);
    }
    assertThat(backup()).doesNotExist();
  }

  @Test
  void migrationThatDiedInTheMiddleBeginsAgainFromWhatWasThere() throws Exception {
    writeOldJournal();
    Files.copy(directory.resolve("journal.mv.db"), backup());
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute("alter table run add column cluster_id varchar(100)");
      statement.execute("alter table job_run rename to job_run_of_v1");
    }

    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      assertWhole(journal);
    }
    assertThat(backup()).doesNotExist();
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet left =
            statement.executeQuery(
                "select count(*) from information_schema.tables where table_name like '%OF_V1'")) {
      assertThat(left.next()).isTrue();
      assertThat(left.getInt(1)).isZero();
    }
  }
}
