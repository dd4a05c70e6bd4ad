package dev.caravan.routes.cli;

import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.shared.settings.SettingsException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows and stops clusters. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "status|stop",
    description = "Shows the clusters of the settings, or has one stopped.",
    subcommands = {ClusterCommand.StatusOf.class, ClusterCommand.Stop.class})
final class ClusterCommand {

  private static String known(ControlPlane plane, String name) {
    List<String> names = plane.clusters().stream().map(ClusterView::name).toList();
    if (!names.contains(name)) {
      throw new SettingsException(
          "There is no cluster '%s'; there are %s.".formatted(name, String.join(", ", names)));
    }
    return name;
  }

  /** Shows the clusters. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = {
        "Shows what was last seen of the clusters, who uses them, and whether Caravan still has to stop them.",
        "The cloud isn't asked; its console is authoritative."
      })
  static final class StatusOf extends ClientCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "the cluster (default: all)")
    private Optional<String> name = Optional.empty();

    @Override
    int call(ControlPlane plane, Report report) {
      List<ClusterView> shown =
          name.map(one -> List.of(plane.cluster(known(plane, one)))).orElseGet(plane::clusters);
      report.list(shown, Columns.CLUSTERS, "No clusters.");
      return ExitCodes.OK;
    }
  }

  /** Has a cluster stopped. */
  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = {
        "Has a cluster stopped that nobody would stop otherwise, for example since it was left running.",
        "The server does it within a minute (caravan.reconcile.every); without one the next 'run' or 'serve' does.",
        "Work of others on the cluster still keeps it, as its stop policy says."
      })
  static final class Stop extends ClientCommand {
    @Mixin private AskerOptions asker = new AskerOptions();

    @Parameters(paramLabel = "NAME", description = "the cluster")
    private String name = "";

    @Override
    int call(ControlPlane plane, Report report) {
      ClusterView cluster = plane.stopCluster(known(plane, name), asker.asker());
      report.one(
          cluster,
          Columns.CLUSTERS,
          () ->
              cluster.stopOwed()
                  ? "cluster " + cluster.name() + " is to be stopped\n"
                  : "cluster " + cluster.name() + " needs no stop\n");
      return ExitCodes.OK;
    }
  }
}
