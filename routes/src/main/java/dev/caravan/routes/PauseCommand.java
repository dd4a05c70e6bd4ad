package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.schedule.PipelinePause;
import dev.caravan.routes.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Pauses a pipeline. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Pauses a pipeline: what falls due is skipped until it is resumed; what is queued or runs goes on.",
      "It can still be run by hand."
    })
final class PauseCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private PipelineOption chosen = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.read();
    Pipeline pipeline = chosen.choose(settings.pipelines());
    PrintWriter out = spec.commandLine().getOut();
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      boolean paused = journal.queue().pause(pipeline.name(), asker.name(), asker.note());
      String how =
          journal.queue().pause(pipeline.name()).map(PipelinePause::reason).orElse("paused");
      out.println(
          paused
              ? pipeline.name() + " is paused"
              : pipeline.name() + " was paused before (" + how + ")");
      out.flush();
      return ExitCodes.OK;
    }
  }
}
