package dev.caravan.routes.settings;

import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What reading logs needs: no cloud, no cluster.
 *
 * @param pipelines reads the pipelines, which need not be good unless they are asked for
 */
public record LogSettings(S3Settings s3, JournalConfig journal, Supplier<PipelineFiles> pipelines) {

  /**
   * Reads these settings alone; others may be absent or wrong.
   *
   * @throws SettingsException as {@link Settings#read} does
   */
  public static LogSettings read(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    Path directory = Settings.pipelinesDirectory(reader);
    LogSettings settings =
        new LogSettings(
            Remote.s3(reader),
            Recovery.journal(reader),
            () -> PipelineFiles.read(directory, PipelineParser.ofSnapshots()));
    reader.refuseUnknown("caravan.pipelines.", "caravan.s3.", "caravan.journal.");
    reader.throwProblems();
    return settings;
  }
}
