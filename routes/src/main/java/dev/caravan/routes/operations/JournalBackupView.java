package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JournalBackup;
import java.time.Instant;

/**
 * A backup of the journal.
 *
 * @param file on the machine of whoever has the journal open
 * @param schema the version of the journal's tables
 * @param rows of all tables
 */
public record JournalBackupView(String file, Instant at, String schema, long rows) {
  public static JournalBackupView of(JournalBackup backup) {
    return new JournalBackupView(
        backup.file().toString(), backup.at(), backup.schema(), backup.count());
  }
}
