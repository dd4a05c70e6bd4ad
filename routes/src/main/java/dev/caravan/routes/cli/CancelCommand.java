package dev.caravan.routes.cli;

import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.RunView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cancels a run. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Cancels a run: a queued one never begins; the jobs of a running one are killed by the orchestrator that drives it.",
      "The session goes on with the runs that follow. One that has ended stays as it is: exit code 1."
    })
final class CancelCommand extends ClientCommand {
  @Mixin private AskerOptions asker = new AskerOptions();

  @Parameters(paramLabel = "RUN", description = "the run, as PIPELINE/DATE/ATTEMPT")
  private String id = "";

  @Override
  int call(ControlPlane plane, Report report) {
    RunView run = plane.cancel(id, asker.asker());
    report.one(
        run,
        Columns.RUNS,
        () ->
            "run "
                + run.id()
                + (run.state() == RunState.RUNNING ? ": asked to end" : ": " + run.state())
                + "\n");
    boolean cancelled = run.state() == RunState.CANCELLED || run.state() == RunState.RUNNING;
    return cancelled ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
