package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a journal, whatever its database. */
abstract class BackupContract {
  private static final MutableClock CLOCK = new MutableClock(Instant.parse("2026-11-30T03:00:00Z"));
  static TestDatabase database;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("backups/journal.jsonl.gz");
  }

  private static List<String> lines(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private Path written(List<String> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.createTempFile(directory, "changed", ".gz");
    Files.copy(
        new ByteArrayInputStream(bytes.toByteArray()),
        file,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  @Test
  void journalOfAnEarlierVersionIsTheSameAfterBackupAndRestore() throws Exception {
    JournalBackup taken;
    try (Journal journal = Journal.open(database.ofVersion(5), CLOCK)) {
      taken = journal.backup(file());
    }
    assertThat(taken.rows()).containsKeys("run", "job_run", "event", "cluster_status", "alarm");
    assertThat(taken.rows().get("run")).isPositive();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(JournalBackup.verify(file()).rows()).isEqualTo(taken.rows());

    JournalConfig empty = database.empty();
    assertThat(JournalBackup.restore(file(), empty).rows()).isEqualTo(taken.rows());
    try (Journal restored = Journal.open(empty, CLOCK)) {
      JournalBackup again = restored.backup(directory.resolve("again.gz"));
      List<String> rows = lines(file());
      assertThat(lines(again.file()).subList(1, rows.size() - 1))
          .containsExactlyInAnyOrderElementsOf(rows.subList(1, rows.size() - 1));

      Run run = TestRuns.claim(restored, "datamarts", LocalDate.of(2026, 12, 1), "c9q", false);
      assertThat(restored.events().of(run)).as("counters go on behind what is there").isNotEmpty();
      TestRuns.end(restored, run, RunState.FAILED, Optional.empty());
    }
    assertThatThrownBy(() -> JournalBackup.restore(file(), empty))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("only into an empty place");
  }

  @Test
  void whatIsNoWholeBackupIsRefusedAndLeavesNothing() throws Exception {
    try (Journal journal = Journal.open(database.ofVersion(3), CLOCK)) {
      journal.backup(file());
    }
    List<String> rows = lines(file());
    JournalConfig empty = database.empty();
    List<String> cut = rows.subList(0, rows.size() - 1);
    List<String> changed = rows.stream().map(line -> line.replace("SUCCEEDED", "FAILED")).toList();
    List<String> later =
        List.copyOf(
            rows.stream().map(line -> line.replace("\"schema\":\"", "\"schema\":\"9")).toList());
    List<String> foreign =
        rows.stream()
            .map(line -> line.replace("\"table\":\"run\"", "\"table\":\"run; drop table run\""))
            .toList();

    assertThatThrownBy(() -> JournalBackup.restore(written(cut), empty))
        .hasMessageContaining("the rest is missing");
    assertThatThrownBy(() -> JournalBackup.restore(written(changed), empty))
        .hasMessageContaining("doesn't fit");
    assertThatThrownBy(() -> JournalBackup.restore(written(later), empty))
        .hasMessageContaining("later version of Caravan");
    assertThatThrownBy(() -> JournalBackup.restore(written(foreign), empty))
        .hasMessageContaining("begins a table");
    assertThatThrownBy(() -> JournalBackup.verify(Files.writeString(file(), "text")))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("can't be read");
    assertThat(JournalBackup.restore(written(rows), empty).count()).isPositive();
  }

  @Test
  void journalOfALaterVersionIsRefused() throws Exception {
    JournalConfig config = database.empty();
    try (Journal journal = Journal.open(config, CLOCK)) {
      assertThat(journal.runs().last("marts", LocalDate.of(2026, 11, 21))).isEmpty();
    }
    database.addMigration(config, "999");

    assertThatThrownBy(() -> Journal.open(config, CLOCK))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("written by a later version of Caravan (schema 999)");
    assertThatThrownBy(() -> Journal.openToRead(config, CLOCK))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("schema 999");
  }
}
