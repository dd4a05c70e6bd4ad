package dev.caravan.routes;

import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SettingsException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which pipeline a command is about. */
final class PipelineOption {
  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description = "the pipeline; may be left out where there is only one")
  private Optional<String> name = Optional.empty();

  /** Empty if none is named. */
  Optional<String> name() {
    return name;
  }

  /**
   * The pipeline of this name, or the only one there is.
   *
   * @throws SettingsException if there is none of the name, or there are several and none is named
   */
  Pipeline choose(PipelineFiles pipelines) {
    try {
      return pipelines.choose(name);
    } catch (FatalException e) {
      throw new SettingsException(e.getMessage());
    }
  }
}
