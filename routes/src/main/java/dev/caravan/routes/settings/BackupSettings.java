package dev.caravan.routes.settings;

import java.nio.file.Path;

/**
 * Where backups of the journal are kept.
 *
 * @param kept how many; older ones are deleted after a further one was made
 */
public record BackupSettings(Path directory, int kept) {
  static BackupSettings from(SettingsFile settings) {
    return new BackupSettings(
        settings.path("caravan.journal.backups", "data/backups"),
        settings.integer("caravan.journal.backups-kept", 14, 1, 1000));
  }
}
