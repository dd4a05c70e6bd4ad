package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.MutableClock;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@ExtendWith(SharedPostgres.class)
class BackupOnPostgresTest extends BackupContract {
  private static final MutableClock CLOCK = new MutableClock(Instant.parse("2026-11-30T03:00:00Z"));

  @TempDir private Path files;

  @BeforeAll
  static void open() throws Exception {
    database = TestDatabase.postgres();
  }

  @Test
  void journalMovesFromTheOneDatabaseToTheOtherAndBack() throws Exception {
    TestDatabase h2 = TestDatabase.h2(files);
    JournalBackup first;
    try (Journal journal = Journal.open(h2.ofVersion(11), CLOCK)) {
      first = journal.backup(files.resolve("first.gz"));
    }
    JournalConfig postgres = database.empty();
    JournalBackup.restore(first.file(), postgres);
    JournalBackup second;
    try (Journal journal = Journal.open(postgres, CLOCK)) {
      second = journal.backup(files.resolve("second.gz"));
    }
    assertThat(second.rows()).isEqualTo(first.rows()).containsKeys("backfill", "notification");

    JournalConfig file = h2.empty();
    assertThat(JournalBackup.restore(second.file(), file).rows()).isEqualTo(first.rows());
    try (Journal journal = Journal.open(file, CLOCK)) {
      assertThat(journal.runs().find("reports/2026-11-27/1").orElseThrow().state())
          .isEqualTo(RunState.SKIPPED);
    }
  }
}
