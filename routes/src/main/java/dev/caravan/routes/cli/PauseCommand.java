package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.PauseView;
import dev.caravan.routes.operations.PipelineView;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Pauses a pipeline. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Pauses a pipeline: what falls due is skipped until it is resumed; what is queued or runs goes on.",
      "It can still be run by hand."
    })
final class PauseCommand extends ClientCommand {
  @Mixin private PipelineOption chosen = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Override
  int call(ControlPlane plane, Report report) {
    String name = chosen.choose(plane);
    Optional<PauseView> before = plane.pipeline(name).pause();
    PipelineView pipeline = plane.pause(name, asker.asker());
    report.one(
        pipeline,
        Columns.PIPELINES,
        () ->
            before
                    .map(pause -> name + " was paused before (" + pause.words() + ")")
                    .orElse(name + " is paused")
                + "\n");
    return ExitCodes.OK;
  }
}
