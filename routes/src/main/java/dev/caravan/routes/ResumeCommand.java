package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.routes.settings.Settings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ends the pause of a pipeline. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Ends the pause of a pipeline.",
      "What fell due in the pause stays skipped, unless --catch-up asks for it."
    })
final class ResumeCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private PipelineOption chosen = new PipelineOption();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Option(
      names = "--catch-up",
      paramLabel = "none|last|all",
      defaultValue = "none",
      description = "which dates of the pause are queued (default: ${DEFAULT-VALUE})")
  private CatchUp catchUp = CatchUp.NONE;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.read();
    Pipeline pipeline = chosen.choose(settings.pipelines());
    PrintWriter out = spec.commandLine().getOut();
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      boolean resumed =
          journal
              .queue()
              .resume(
                  pipeline.name(),
                  settings.clusterId(pipeline.cluster()),
                  pipeline.schedule().map(PipelineSchedule::timetable),
                  catchUp,
                  asker.name());
      out.println(pipeline.name() + (resumed ? " is resumed" : " was not paused"));
      out.flush();
      return ExitCodes.OK;
    }
  }
}
