package dev.caravan.routes.cli;

import dev.caravan.routes.settings.EffectiveSetting;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the settings. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the settings that are set, and where: in the file, by a variable of the environment, by --set. Secrets are not shown.",
      "What isn't set has the default that application.properties describes."
    })
final class ConfigCommand implements Callable<Integer> {
  private static final List<Column<EffectiveSetting>> COLUMNS =
      List.of(
          new Column<>("setting", EffectiveSetting::key),
          new Column<>("value", EffectiveSetting::value),
          new Column<>("set by", EffectiveSetting::origin));

  @Mixin private SettingsOptions options = new SettingsOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() {
    output.report().list(options.effective(), COLUMNS, "Nothing is set.");
    return ExitCodes.OK;
  }
}
