package dev.caravan.routes.cli;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.PipelineView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends the pause of a pipeline. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Ends the pause of a pipeline.",
      "What fell due in the pause stays skipped, unless --catch-up asks for it."
    })
final class ResumeCommand extends ClientCommand {
  @Mixin private PipelineOption chosen = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Option(
      names = "--catch-up",
      paramLabel = "none|last|all",
      defaultValue = "none",
      description = "which dates of the pause are queued (default: ${DEFAULT-VALUE})")
  private CatchUp catchUp = CatchUp.NONE;

  @Override
  int call(ControlPlane plane, Report report) {
    String name = chosen.choose(plane);
    boolean paused = plane.pipeline(name).pause().isPresent();
    PipelineView pipeline = plane.resume(name, catchUp, asker.asker());
    report.one(
        pipeline, Columns.PIPELINES, () -> name + (paused ? " is resumed\n" : " was not paused\n"));
    return ExitCodes.OK;
  }
}
