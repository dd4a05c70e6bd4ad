package dev.caravan.routes.operations;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalBackup;
import dev.caravan.routes.settings.BackupSettings;
import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes backups of the journal, and deletes the oldest. One at a time. */
final class JournalBackups {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String NAME =
      "journal-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}\\.[0-9]{3}Z\\.jsonl\\.gz";

  private final BackupSettings settings;
  private final Journal journal;
  private final Clock clock;

  JournalBackups(BackupSettings settings, Journal journal, Clock clock) {
    this.settings = settings;
    this.journal = journal;
    this.clock = clock;
  }

  synchronized JournalBackupView make() {
    Path file =
        settings.directory().resolve("journal-" + TIME.format(clock.instant()) + ".jsonl.gz");
    try {
      JournalBackup made = journal.backup(file);
      deleteOldest();
      return JournalBackupView.of(made);
    } catch (FatalException e) {
      throw new OperationException(OperationException.Reason.UNAVAILABLE, e.getMessage());
    }
  }

  private void deleteOldest() {
    try (Stream<Path> files = Files.list(settings.directory())) {
      // The names sort by time. Whatever else lies there is not ours.
      List<Path> oldest =
          files
              .filter(file -> file.getFileName().toString().matches(NAME))
              .sorted(Comparator.reverseOrder())
              .skip(settings.kept())
              .toList();
      for (Path file : oldest) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new FatalException(
          "The backup was made, but older ones in "
              + settings.directory()
              + " can't be deleted: "
              + e.getMessage(),
          e);
    }
  }
}
