package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import picocli.CommandLine.Command;

/** Lists the open alarms. */
@Command(
    name = "alarms",
    mixinStandardHelpOptions = true,
    description =
        "Lists the alarms that are open, oldest first. Each ends by itself once its cause is gone (docs/operations.md).")
final class AlarmsCommand extends ClientCommand {
  @Override
  int call(ControlPlane plane, Report report) {
    report.list(plane.alarms(), Columns.ALARMS, "No alarms.");
    return ExitCodes.OK;
  }
}
