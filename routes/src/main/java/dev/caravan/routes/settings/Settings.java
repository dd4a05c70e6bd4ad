package dev.caravan.routes.settings;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.EndpointConfig;
import dev.caravan.processors.JobConfigs;
import dev.caravan.processors.batches.BatchClientConfig;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.YandexSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything a user can set, read and checked once, before anything starts.
 *
 * @param eventsFile takes a line of JSON for each event
 * @param routesDirectory holds YAML routes of the user's own
 * @param routesExclude patterns of shipped route files that the user's own replace
 * @param properties all keys as they stand, for placeholders in routes and for Camel's own settings
 */
public record Settings(
    String pipeline,
    Schedule schedule,
    YandexSettings yandex,
    ClusterConfig cluster,
    EndpointConfig endpoint,
    BatchClientConfig batchClient,
    S3Settings s3,
    JournalConfig journal,
    Recovery recovery,
    JobConfigs jobs,
    Optional<Path> eventsFile,
    Optional<Path> routesDirectory,
    Optional<String> routesExclude,
    Map<String, String> properties) {

  /**
   * Reads the settings file.
   *
   * @throws SettingsException with one line for each setting that is missing, unknown or out of
   *     bounds
   */
  public static Settings read(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    String pipeline = pipeline(reader);
    Schedule schedule = Schedule.from(reader);
    JobConfigs jobs = JobBlocks.from(reader);
    Map<String, String> properties = new TreeMap<>(reader.all());
    properties.put("caravan.schedule.uri", schedule.uri());
    Recovery recovery = Recovery.from(reader);
    properties.put("caravan.reconcile.uri", recovery.reconcileUri());
    Settings settings =
        new Settings(
            pipeline,
            schedule,
            Remote.yandex(reader),
            cluster(reader),
            Remote.endpoint(reader),
            Remote.batchClient(reader),
            Remote.s3(reader),
            Recovery.journal(reader),
            recovery,
            jobs,
            reader.fileToWrite("caravan.events.file"),
            routesDirectory(reader),
            reader.find("caravan.routes.exclude"),
            properties);
    reader.refuseUnknown(SettingsFile.PREFIX);
    reader.throwProblems();
    return settings;
  }

  /** Camel takes it in a list of URIs, where a comma, a plus, % and {{ mean something. */
  private static Optional<Path> routesDirectory(SettingsFile settings) {
    String key = "caravan.routes.directory";
    return settings
        .directory(key)
        .flatMap(
            directory ->
                directory.toString().matches(".*([,+%]|\\{\\{).*")
                    ? settings.refuse(
                        key,
                        directory.toString(),
                        "a directory without ',', '+', '%' or '{{' in its path",
                        Optional.<Path>empty())
                    : Optional.of(directory));
  }

  static String pipeline(SettingsFile settings) {
    String key = "caravan.pipeline";
    String pipeline = settings.text(key, "datamarts");
    return pipeline.matches("[A-Za-z][A-Za-z0-9-]{0,39}")
        ? pipeline
        : settings.refuse(
            key,
            pipeline,
            "up to 40 letters, digits and hyphens, beginning with a letter",
            pipeline);
  }

  private static ClusterConfig cluster(SettingsFile settings) {
    String key = "caravan.cluster.id";
    String id = settings.required(key, "the id of the Data Proc cluster that the jobs run on");
    if (!id.matches("[A-Za-z0-9_-]*")) {
      settings.refuse(key, id, "an id of letters and digits, as the console shows it", id);
    }
    return new ClusterConfig(
        id,
        settings.duration("caravan.cluster.poll", "15s", "50ms", "5m"),
        settings.duration("caravan.cluster.poll-fast", "2s", "50ms", "5m"),
        settings.duration("caravan.cluster.start-timeout", "30m", "1s", "3h"),
        settings.duration("caravan.cluster.alive-timeout", "10m", "1s", "3h"),
        settings.duration("caravan.cluster.stop-timeout", "30m", "1s", "3h"),
        ClusterConfig.StopPolicy.valueOf(
            settings
                .oneOf("caravan.cluster.stop-policy", "ours", "ours", "always")
                .toUpperCase(Locale.ROOT)));
  }
}
