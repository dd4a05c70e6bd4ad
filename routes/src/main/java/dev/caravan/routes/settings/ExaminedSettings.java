package dev.caravan.routes.settings;

import dev.caravan.processors.pipelines.PipelineFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The settings as far as they are good, and what is wrong with them.
 *
 * @param problems in sentences that begin with the key, or name it
 * @param directory that of the pipelines
 * @param pipelines the good ones, and the faults of the others
 * @param settings with the good pipelines; empty if there are problems
 */
public record ExaminedSettings(
    List<String> problems, Path directory, PipelineFiles pipelines, Optional<Settings> settings) {

  public ExaminedSettings {
    problems = List.copyOf(problems);
  }
}
