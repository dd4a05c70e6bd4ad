package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.settings.SettingsException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cancels a run. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Cancels a run: a queued one never begins; the jobs of a running one are killed by the orchestrator that drives it.",
      "The session goes on with the runs that follow."
    })
final class CancelCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private AskerOptions asker = new AskerOptions();

  @Parameters(paramLabel = "RUN", description = "the run, as PIPELINE/DATE/ATTEMPT")
  private String id = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.read();
    PrintWriter out = spec.commandLine().getOut();
    try (Journal journal = Journal.open(settings.journal(), Clock.systemUTC())) {
      Run run = journal.runs().cancel(id, asker.name(), asker.note());
      out.println(
          "run "
              + run.id()
              + (run.state() == RunState.RUNNING ? ": asked to end" : ": " + run.state()));
      out.flush();
      boolean cancelled = run.state() == RunState.CANCELLED || run.state() == RunState.RUNNING;
      return cancelled ? ExitCodes.OK : ExitCodes.RUN_FAILED;
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage());
    }
  }
}
