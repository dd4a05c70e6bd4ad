package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.PageRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists uses of clusters. */
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description =
        "Lists the uses of clusters, from start to stop, the newest first, with the runs that shared each.")
final class SessionsCommand extends ClientCommand {
  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "of this cluster (default: of all)")
  private Optional<String> cluster = Optional.empty();

  @Mixin private LimitOption limit = new LimitOption();

  @Override
  int call(ControlPlane plane, Report report) {
    report.list(
        plane.sessions(cluster, PageRequest.first(limit.value())).items(),
        Columns.SESSIONS,
        "No sessions.");
    return ExitCodes.OK;
  }
}
