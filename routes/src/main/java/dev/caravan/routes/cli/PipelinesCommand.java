package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import picocli.CommandLine.Command;

/** Lists the pipelines. */
@Command(
    name = "pipelines",
    mixinStandardHelpOptions = true,
    description =
        "Lists the pipelines: when each falls due next and for which date, its last run, and whether it is paused.")
final class PipelinesCommand extends ClientCommand {
  @Override
  int call(ControlPlane plane, Report report) {
    report.list(plane.pipelines(), Columns.PIPELINES, "No pipelines.");
    return ExitCodes.OK;
  }
}
