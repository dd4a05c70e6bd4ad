package dev.caravan.routes.cli;

import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.PipelineView;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.Nearest;
import dev.caravan.shared.settings.SettingsException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which pipeline a command is about. */
public final class PipelineOption {
  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description = "the pipeline; may be left out where there is only one")
  private Optional<String> name = Optional.empty();

  /** Empty if none is named. */
  public Optional<String> name() {
    return name;
  }

  /**
   * The pipeline of this name, or the only one there is.
   *
   * @throws SettingsException if there is none of the name, or there are several and none is named
   */
  public Pipeline choose(PipelineFiles pipelines) {
    try {
      return pipelines.choose(name);
    } catch (FatalException e) {
      throw new SettingsException(e.getMessage());
    }
  }

  /**
   * The same, of a control plane.
   *
   * @throws SettingsException as the other does
   */
  public String choose(ControlPlane plane) {
    return choose(plane, name);
  }

  /**
   * This one, which must be there.
   *
   * @throws SettingsException if it isn't
   */
  static String named(ControlPlane plane, String name) {
    return choose(plane, Optional.of(name));
  }

  private static String choose(ControlPlane plane, Optional<String> name) {
    List<String> names = plane.pipelines().stream().map(PipelineView::name).toList();
    if (name.isEmpty() && names.size() != 1) {
      throw new SettingsException(
          "Which pipeline? There are " + String.join(", ", names) + ": name one with --pipeline.");
    }
    String chosen = name.orElseGet(() -> names.get(0));
    if (!names.contains(chosen)) {
      throw new SettingsException(
          "There is no pipeline '"
              + chosen
              + "'"
              + Nearest.to(chosen, names)
                  .map(near -> ": did you mean " + near + "?")
                  .orElse("; there are " + String.join(", ", names) + "."));
    }
    return chosen;
  }
}
