package dev.caravan.routes.cli;

import dev.caravan.routes.settings.ClientSettings;
import dev.caravan.routes.settings.EffectiveSetting;
import dev.caravan.routes.settings.ExaminedSettings;
import dev.caravan.routes.settings.LogSettings;
import dev.caravan.routes.settings.Migration;
import dev.caravan.routes.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options by which each command finds its settings. */
public final class SettingsOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "${env:CARAVAN_CONFIG:-application.properties}",
      description =
          "the settings file (default: that of the environment's CARAVAN_CONFIG, or application.properties)")
  private Path config = Path.of("application.properties");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "a setting that overrides the file's and the environment's; not for secrets, which belong in files")
  private Map<String, String> overrides = new TreeMap<>();

  ExaminedSettings examine() {
    return Settings.examine(config, overrides);
  }

  public Settings read() {
    return Settings.read(config, overrides);
  }

  ClientSettings readForClient() {
    return ClientSettings.read(config, overrides);
  }

  List<EffectiveSetting> effective() {
    return Settings.effective(config, overrides);
  }

  public Migration migration() {
    return Migration.of(config, overrides);
  }

  public LogSettings readForLogs() {
    return LogSettings.read(config, overrides);
  }
}
