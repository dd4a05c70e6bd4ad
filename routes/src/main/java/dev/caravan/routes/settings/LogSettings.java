package dev.caravan.routes.settings;

import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.Map;

/** What reading logs needs: no cloud, no cluster, no jobs. */
public record LogSettings(
    String pipeline, Schedule schedule, S3Settings s3, JournalConfig journal) {

  /**
   * Reads these settings alone; others may be absent or wrong.
   *
   * @throws SettingsException as {@link Settings#read} does
   */
  public static LogSettings read(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    LogSettings settings =
        new LogSettings(
            Settings.pipeline(reader),
            Schedule.from(reader),
            Remote.s3(reader),
            Recovery.journal(reader));
    reader.refuseUnknown("caravan.schedule.", "caravan.s3.", "caravan.journal.");
    reader.throwProblems();
    return settings;
  }
}
