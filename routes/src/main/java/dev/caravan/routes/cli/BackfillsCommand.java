package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.PageRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists backfills. */
@Command(
    name = "backfills",
    mixinStandardHelpOptions = true,
    description =
        "Lists backfills, the newest first, with how many of their runs are in which state.")
final class BackfillsCommand extends ClientCommand {
  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description = "of this pipeline (default: of all)")
  private Optional<String> pipeline = Optional.empty();

  @Mixin private LimitOption limit = new LimitOption();

  @Override
  int call(ControlPlane plane, Report report) {
    report.list(
        plane.backfills(pipeline, PageRequest.first(limit.value())).items(),
        Columns.BACKFILLS,
        "No backfills.");
    return ExitCodes.OK;
  }
}
