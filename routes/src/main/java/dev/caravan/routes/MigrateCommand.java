package dev.caravan.routes;

import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.SettingsOptions;
import dev.caravan.routes.settings.Migration;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Writes a pipeline's file from the keys that settings of earlier versions have. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a pipeline's file from the keys of settings of earlier versions, and prints the keys that replace the others.",
      "It overwrites nothing and changes no settings file."
    })
final class MigrateCommand implements Callable<Integer> {
  @Mixin private SettingsOptions options = new SettingsOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Migration migration = options.migration();
    migration.write();
    PrintWriter out = spec.commandLine().getOut();
    if (!migration.pipeline().isEmpty()) {
      out.println("Written: " + migration.file());
      out.println(
          "Now remove caravan.pipeline, caravan.jobs, caravan.job.* and caravan.schedule.* from the settings.");
    }
    if (!migration.settings().isEmpty()) {
      out.println(
          "Replace the keys caravan.cluster.* and caravan.endpoint.* of the settings by these:");
      migration.settings().forEach(line -> out.println("  " + line));
    }
    out.flush();
    return ExitCodes.OK;
  }
}
