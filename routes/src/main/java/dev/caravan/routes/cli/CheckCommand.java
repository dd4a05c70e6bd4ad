package dev.caravan.routes.cli;

import dev.caravan.routes.check.Finding;
import dev.caravan.routes.check.InstallationCheck;
import dev.caravan.shared.settings.SettingsException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks whether a run would find all that it needs. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Looks whether a run would find all that it needs: settings, pipelines, routes, journal, credentials, clusters, the endpoint of a cluster that runs, S3, the files of the jobs, the outputs of the last runs, clocks.",
      "Starts nothing and writes nothing. Says of each fault what to change."
    })
public final class CheckCommand implements Callable<Integer> {
  private static final List<Column<Finding>> COLUMNS =
      List.of(
          new Column<>("group", Finding::group),
          new Column<>("subject", Finding::subject),
          new Column<>("result", Finding::result),
          new Column<>("message", Finding::message),
          new Column<>("key", Finding::key));

  private final InstallationCheck.RouteLoading routes;

  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--offline", description = "only what needs no network")
  private boolean offline;

  /**
   * @param routes loads them as a start does
   */
  public CheckCommand(InstallationCheck.RouteLoading routes) {
    this.routes = routes;
  }

  @Override
  public Integer call() throws Exception {
    Report report = output.report();
    List<Finding> findings = findings();
    report.list(findings, COLUMNS, () -> FindingsText.of(findings, report.terminal()));
    return exitCode(findings);
  }

  private List<Finding> findings() throws Exception {
    InstallationCheck check =
        new InstallationCheck(
            routes,
            ClientOptions::ofFile,
            Optional.ofNullable(CheckCommand.class.getPackage().getImplementationVersion()),
            Clock.systemUTC());
    try {
      return check.findings(options.examine(), offline);
    } catch (SettingsException e) {
      return List.of(
          new Finding(
              Finding.Group.SETTINGS,
              "file",
              Finding.Result.FAULT,
              e.getMessage(),
              Optional.of("--config")));
    }
  }

  /** A fault of the installation goes before one of the data, and that before what may pass. */
  static int exitCode(List<Finding> findings) {
    List<Finding> faults =
        findings.stream().filter(each -> each.result() == Finding.Result.FAULT).toList();
    if (faults.stream().anyMatch(each -> each.group() != Finding.Group.OUTPUTS)) {
      return ExitCodes.USAGE;
    }
    if (!faults.isEmpty()) {
      return ExitCodes.FAILED;
    }
    return findings.stream().anyMatch(each -> each.result() == Finding.Result.UNREACHABLE)
        ? ExitCodes.UNAVAILABLE
        : ExitCodes.OK;
  }
}
