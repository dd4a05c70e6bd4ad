package dev.caravan.routes.settings;

import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.pipelines.PipelineFiles;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.processors.traces.TraceEndpoint;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.YandexSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The installation, read and checked once, before anything starts, and the pipelines, which are
 * taken up again when their files change.
 *
 * @param clusters by their names
 * @param traces where the traces of sessions are sent
 * @param jsonLog whether the log is lines of JSON
 * @param eventsFile takes a line of JSON for each event
 * @param routesDirectory holds YAML routes of the user's own
 * @param routesExclude patterns of shipped route files that the user's own replace
 * @param properties all keys as they stand, for placeholders in routes and for Camel's own settings
 */
public record Settings(
    PipelineFiles pipelines,
    YandexSettings yandex,
    List<NamedCluster> clusters,
    S3Settings s3,
    JournalConfig journal,
    BackupSettings backups,
    ApiSettings server,
    Recovery recovery,
    NotificationSettings notifications,
    ManagementSettings management,
    Optional<TraceEndpoint> traces,
    boolean jsonLog,
    Optional<Path> eventsFile,
    Optional<Path> routesDirectory,
    Optional<String> routesExclude,
    Map<String, String> properties) {

  private static final String PIPELINES = "caravan.pipelines.directory";

  public Settings {
    clusters = List.copyOf(clusters);
  }

  /**
   * Reads the settings file and the pipelines.
   *
   * @throws SettingsException with one line for each setting that is missing, unknown or out of
   *     bounds, or else for each fault of a pipeline
   */
  public static Settings read(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    Prepared prepared = prepare(reader);
    reader.refuseUnknown(SettingsFile.PREFIX);
    reader.throwProblems();
    PipelineFiles pipelines = PipelineFiles.read(prepared.directory(), prepared.parser());
    prepared.notifications().requirePipelines(pipelines.names());
    return prepared.settings().apply(pipelines);
  }

  /**
   * Reads them as far as they are good.
   *
   * @throws SettingsException if the file can't be read
   */
  public static ExaminedSettings examine(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    Prepared prepared = prepare(reader);
    reader.refuseUnknown(SettingsFile.PREFIX);
    PipelineFiles pipelines = PipelineFiles.readGood(prepared.directory(), prepared.parser());
    if (reader.problems().isEmpty() && pipelines.broken().isEmpty()) {
      reader.check(
          "caravan.notify", () -> prepared.notifications().requirePipelines(pipelines.names()));
    }
    return new ExaminedSettings(
        reader.problems(),
        prepared.directory(),
        pipelines,
        reader.problems().isEmpty()
            ? Optional.of(prepared.settings().apply(pipelines))
            : Optional.empty());
  }

  /**
   * All but the pipelines.
   *
   * @param settings gives all of it
   */
  private record Prepared(
      Path directory,
      PipelineParser parser,
      NotificationSettings notifications,
      Function<PipelineFiles, Settings> settings) {}

  /**
   * The settings that are set, good or not, by key.
   *
   * @throws SettingsException if the file can't be read
   */
  public static List<EffectiveSetting> effective(Path file, Map<String, String> overrides) {
    SettingsFile reader = SettingsFile.read(file, overrides);
    prepare(reader);
    return reader.effective();
  }

  /**
   * With Camel 4.18 a reload that fails leaves no route at all, the stop of the cluster included
   * (CAMEL-24860, mended in 4.23).
   */
  private static void refuseCamelsReload(SettingsFile reader) {
    reader
        .all()
        .forEach(
            (key, value) -> {
              String plain = key.toLowerCase(Locale.ROOT).replace("-", "");
              if (plain.startsWith("camel.main.routesreload") && !value.equals("false")) {
                reader.refuse(
                    key,
                    value,
                    "left out: a broken file would take all routes away. `caravan serve --reload` checks the routes first",
                    "");
              }
            });
  }

  private static Prepared prepare(SettingsFile reader) {
    refuseCamelsReload(reader);
    Path directory = requiredPipelinesDirectory(reader);
    Recovery recovery = Recovery.from(reader);
    YandexSettings yandex = Remote.yandex(reader);
    List<NamedCluster> clusters = NamedCluster.from(reader);
    S3Settings s3 = Remote.s3(reader);
    JournalConfig journal = Recovery.journal(reader);
    BackupSettings backups = BackupSettings.from(reader);
    ApiSettings server = ApiSettings.from(reader, journal.url());
    NotificationSettings notifications = NotificationSettings.from(reader);
    ManagementSettings management = ManagementSettings.from(reader);
    Optional<TraceEndpoint> traces = TraceSettings.from(reader);
    boolean jsonLog = reader.oneOf("caravan.log.format", "text", "text", "json").equals("json");
    Optional<Path> eventsFile = reader.fileToWrite("caravan.events.file");
    Optional<Path> routesDirectory = routesDirectory(reader);
    Optional<String> routesExclude = reader.find("caravan.routes.exclude");
    Map<String, String> properties = new TreeMap<>(reader.all());
    properties.put("caravan.reconcile.uri", recovery.reconcileUri());
    properties.put("caravan.ping.uri", notifications.pingUri());
    return new Prepared(
        directory,
        parser(clusters),
        notifications,
        pipelines ->
            new Settings(
                pipelines,
                yandex,
                clusters,
                s3,
                journal,
                backups,
                server,
                recovery,
                notifications,
                management,
                traces,
                jsonLog,
                eventsFile,
                routesDirectory,
                routesExclude,
                properties));
  }

  private static PipelineParser parser(List<NamedCluster> clusters) {
    return PipelineParser.of(clusters.stream().map(NamedCluster::name).collect(Collectors.toSet()));
  }

  /** Where the pipelines are, whether it is there or not. */
  static Path pipelinesDirectory(SettingsFile settings) {
    return settings.path(PIPELINES, "pipelines");
  }

  private static Path requiredPipelinesDirectory(SettingsFile settings) {
    Path directory = pipelinesDirectory(settings);
    // Those who still have the former keys are told where these went.
    if (!Files.isDirectory(directory)
        && settings.all().keySet().stream().noneMatch(FormerKeys::isOfPipeline)) {
      settings.refuse(
          PIPELINES,
          directory.toString(),
          "a directory with a file NAME.yaml for each pipeline",
          "");
    }
    return directory;
  }

  /**
   * The cluster of this name.
   *
   * @throws SettingsException if there is none
   */
  public NamedCluster cluster(String name) {
    return clusters.stream()
        .filter(cluster -> cluster.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new SettingsException("There is no cluster '" + name + "'."));
  }

  /**
   * What the cloud calls the cluster of this name.
   *
   * @throws SettingsException if there is none
   */
  public String clusterId(String name) {
    return cluster(name).config().id();
  }

  /**
   * The name of the cluster that the cloud calls so.
   *
   * @throws SettingsException if there is none
   */
  public String clusterName(String id) {
    return clusters.stream()
        .filter(cluster -> cluster.config().id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new SettingsException("The settings have no cluster with the id " + id + "."))
        .name();
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
}
