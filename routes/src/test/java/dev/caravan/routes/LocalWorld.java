package dev.caravan.routes;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.caravan.cloud.cluster.LocalCluster;
import dev.caravan.cloud.cluster.LocalClusterSettings;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.Directories;
import dev.caravan.cloud.process.ForeignUser;
import dev.caravan.cloud.process.RecordedEvents;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.Rpc;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.routes.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * All that a run needs, for real and on loopback: the Yandex API over TLS, S3 where asked for, and
 * a cluster that launches the real endpoint jar. Only Spark is replaced, by a script whose jobs do
 * what their arguments say ({@code exit 64}, {@code sleep 30}, {@code put FILE KEY}, {@code print
 * OUT ERR}: two files, {@code await FILE}, {@code first-fails FILE}, {@code fails-on DATE {date}}).
 */
final class LocalWorld implements AutoCloseable {
  static final String CLUSTER = "c9qworld";
  static final String SECOND_CLUSTER = "c9qsecond";
  static final String PIPELINE = "datamarts";
  private static final Path ENDPOINT_JAR =
      Path.of("..", "cluster-endpoint", "target", "caravan-cluster-endpoint.jar");
  static final Path ORCHESTRATOR_JAR = Path.of("target", "caravan.jar");
  private static final S3Access NO_S3 =
      new S3Access(URI.create("http://127.0.0.1:9"), "ru-central1", "key", "secret");

  final Path directory;
  final YandexEmulator cloud;
  final LocalCluster cluster;

  /** Of the cluster {@code second} in the settings; it is never started unless a test does. */
  final LocalCluster secondCluster;

  final S3Access s3;
  final RecordedEvents events;
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, Map<String, Object>> jobs = new LinkedHashMap<>();
  private int parallel = 1;
  private final Map<String, String> schedule = new TreeMap<>(Map.of("every", "1s"));
  private final List<ChildProcess> orchestrators = new ArrayList<>();

  private LocalWorld(Path directory, S3Access s3, Map<String, String> endpointKeys)
      throws IOException {
    this.directory = directory;
    this.s3 = s3;
    Path eventsFile = directory.resolve("events.jsonl");
    events = new RecordedEvents(eventsFile);
    set("caravan.events.file", eventsFile.toString());
    Path sparkHome = writeSparkHome();
    cluster = cluster("cluster", sparkHome, endpointKeys);
    secondCluster = cluster("second-cluster", sparkHome, endpointKeys);
    cloud =
        YandexEmulator.builder(Files.createDirectories(directory.resolve("cloud")))
            .cluster(CLUSTER)
            .startTakes(Duration.ofMillis(200))
            .healthTakes(Duration.ofMillis(100))
            .stopTakes(Duration.ofMillis(200))
            .body(cluster)
            .cluster(SECOND_CLUSTER)
            .startTakes(Duration.ofMillis(200))
            .healthTakes(Duration.ofMillis(100))
            .stopTakes(Duration.ofMillis(200))
            .body(secondCluster)
            .build();
    writeSettings();
  }

  private LocalCluster cluster(String name, Path sparkHome, Map<String, String> endpointKeys)
      throws IOException {
    return new LocalCluster(
        new LocalClusterSettings(
            ENDPOINT_JAR,
            sparkHome,
            directory.resolve(name),
            s3,
            List.of("local:/jobs/", "local:" + directory.resolve("jobs") + "/"),
            endpointKeys,
            Map.of()));
  }

  /** A world without S3: its jobs promise no output. */
  static LocalWorld create(Path directory) throws IOException {
    return new LocalWorld(directory, NO_S3, Map.of());
  }

  static LocalWorld create(Path directory, Map<String, String> endpointKeys) throws IOException {
    return new LocalWorld(directory, NO_S3, endpointKeys);
  }

  static LocalWorld create(Path directory, S3Server s3) throws IOException {
    return create(directory, s3.access(), Map.of());
  }

  static LocalWorld create(Path directory, S3Access s3, Map<String, String> endpointKeys)
      throws IOException {
    return new LocalWorld(directory, s3, endpointKeys);
  }

  private Path writeSparkHome() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("spark-home/bin"));
    Path script = bin.resolve("spark-submit");
    try (InputStream text = LocalWorld.class.getResourceAsStream("/spark-submit.sh")) {
      Files.copy(text, script);
    }
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin.getParent();
  }

  /** A journal with its tables: making them takes half a second of a processor. */
  private static final class EmptyJournal {
    static final byte[] BYTES = make();

    private static byte[] make() {
      try {
        Path directory = Files.createTempDirectory("empty-journal-");
        try {
          String url = "jdbc:h2:file:" + directory.resolve("journal");
          Journal.open(JournalConfig.of(url), Clock.systemUTC()).close();
          return Files.readAllBytes(directory.resolve("journal.mv.db"));
        } finally {
          Directories.delete(directory);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void writeSettings() throws IOException {
    Path endpointCredentials = directory.resolve("endpoint-client.properties");
    Files.writeString(endpointCredentials, "bearer=" + cluster.bearerToken());
    Path s3Credentials = directory.resolve("s3.properties");
    Files.writeString(
        s3Credentials,
        "access-key-id=" + s3.accessKeyId() + "\nsecret-access-key=" + s3.secretAccessKey() + "\n");
    for (String service : List.of("dataproc", "operations", "iam")) {
      set("caravan.yandex." + service, cloud.address());
    }
    set("caravan.yandex.ca-file", cloud.certificate().toString());
    set("caravan.yandex.key-file", cloud.serviceAccountKey().toString());
    set("caravan.yandex.call-timeout", "3s");
    set("caravan.cluster.main.id", CLUSTER);
    set("caravan.cluster.main.poll", "100ms");
    set("caravan.cluster.main.poll-fast", "100ms");
    set("caravan.cluster.main.start-timeout", "60s");
    set("caravan.cluster.main.stop-timeout", "30s");
    set("caravan.cluster.main.endpoint.scheme", "http");
    set("caravan.cluster.main.endpoint.host", "127.0.0.1");
    set("caravan.cluster.main.endpoint.port", Integer.toString(cluster.uri().getPort()));
    set("caravan.cluster.main.endpoint.credentials-file", endpointCredentials.toString());
    set("caravan.s3.endpoint", s3.endpoint().toString());
    set("caravan.s3.path-style", "true");
    set("caravan.s3.credentials-file", s3Credentials.toString());
    set("caravan.journal.url", "jdbc:h2:file:" + directory.resolve("journal"));
    Files.write(directory.resolve("journal.mv.db"), EmptyJournal.BYTES);
    set("caravan.server.port", "0");
    job("mart", "exit 0");
  }

  /** Replaces all jobs by this one. */
  LocalWorld job(String name, String args) {
    jobs.clear();
    return addJob(name, args);
  }

  LocalWorld addJob(String name, String args) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("file", "local:/jobs/jobs.jar");
    job.put("class", "a.Main");
    job.put("poll", "100ms");
    jobs.put(name, job);
    return args(name, args);
  }

  LocalWorld args(String job, String args) {
    return jobKey(job, "args", List.of(args.split("\\s+")));
  }

  /** The one output that the job promises. */
  LocalWorld output(String job, String at, int minRows, String... columns) {
    return jobKey(
        job,
        "outputs",
        List.of(Map.of("at", at, "rows", Map.of("min", minRows), "columns", List.of(columns))));
  }

  LocalWorld parallel(int most) {
    parallel = most;
    return this;
  }

  LocalWorld jobKey(String job, String key, Object value) {
    jobs.get(job).put(key, value);
    return this;
  }

  /**
   * A key of the pipeline's schedule, which has a slot each second unless something else is set.
   */
  LocalWorld schedule(String key, String value) {
    if (key.equals("cron")) {
      schedule.remove("every");
    }
    schedule.put(key, value);
    return this;
  }

  /** Adds the cluster {@code second} to the settings. */
  LocalWorld withSecondCluster() throws IOException {
    for (String key : List.copyOf(settings.keySet())) {
      if (key.startsWith("caravan.cluster.main.")) {
        set(key.replace(".main.", ".second."), settings.get(key));
      }
    }
    set("caravan.cluster.second.id", SECOND_CLUSTER);
    set("caravan.cluster.second.endpoint.port", Integer.toString(secondCluster.uri().getPort()));
    Path credentials = directory.resolve("second-endpoint.properties");
    Files.writeString(credentials, "bearer=" + secondCluster.bearerToken());
    return set("caravan.cluster.second.endpoint.credentials-file", credentials.toString());
  }

  /** Writes the pipeline as it is now; a running orchestrator takes it up. */
  Path writePipeline() throws IOException {
    Path file = Files.createDirectories(directory.resolve("pipelines")).resolve(PIPELINE + ".yaml");
    new YAMLMapper()
        .writeValue(
            file.toFile(),
            Map.of("cluster", "main", "schedule", schedule, "parallel", parallel, "jobs", jobs));
    return file;
  }

  LocalWorld set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** The settings as a file, as a user would have it, and the pipeline beside it. */
  Path settingsFile() throws IOException {
    writePipeline();
    Path file = directory.resolve("application.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer text = Files.newBufferedWriter(file)) {
      properties.store(text, null);
    }
    return file;
  }

  /**
   * The packaged orchestrator as a process, with this world's settings; it ends with this world.
   *
   * @param words the command and its options
   */
  ChildProcess start(String... words) throws IOException {
    return launch(ChildProcess.jar("256m", ORCHESTRATOR_JAR, words));
  }

  /** Like {@link #start}, with this option of the JVM. */
  ChildProcess startWith(String javaOption, String... words) throws IOException {
    List<String> command = ChildProcess.jar("256m", ORCHESTRATOR_JAR, words);
    command.add(1, javaOption);
    return launch(command);
  }

  /** Like {@link #start}, as a user without a name, who then owns the files of this world. */
  ChildProcess startAsForeignUser(String... words) throws IOException {
    settingsFile();
    ForeignUser.own(directory);
    return launch(ForeignUser.command(ChildProcess.jar("256m", ORCHESTRATOR_JAR, words)));
  }

  private ChildProcess launch(List<String> command) throws IOException {
    command.addAll(List.of("--config", settingsFile().toString()));
    Path log = directory.resolve("orchestrator-" + orchestrators.size() + ".log");
    ChildProcess orchestrator = ChildProcess.start("the orchestrator", command, Map.of(), log);
    orchestrators.add(orchestrator);
    return orchestrator;
  }

  /** The journal of orchestrators that have ended: one process at a time has the file. */
  Journal journal() throws IOException {
    return Journal.open(settings().journal(), Clock.systemUTC());
  }

  Settings settings() throws IOException {
    return Settings.read(settingsFile(), Map.of());
  }

  int starts() {
    return cloud.calls(Rpc.START_CLUSTER).size();
  }

  int stops() {
    return cloud.calls(Rpc.STOP_CLUSTER).size();
  }

  /** How often the jobs' script was really run. */
  long jobsStarted() throws IOException {
    Path started = directory.resolve("spark-home/started");
    return Files.exists(started) ? Files.readAllLines(started).size() : 0;
  }

  @Override
  public void close() {
    orchestrators.forEach(ChildProcess::close);
    cloud.close();
    cluster.close();
    secondCluster.close();
  }
}
