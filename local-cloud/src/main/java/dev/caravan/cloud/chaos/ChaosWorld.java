package dev.caravan.cloud.chaos;

import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.cluster.LocalCluster;
import dev.caravan.cloud.cluster.LocalClusterSettings;
import dev.caravan.cloud.demo.Artifacts;
import dev.caravan.cloud.postgres.LocalPostgres;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.process.WrittenPipeline;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/**
 * All that one run needs, with a faulty proxy in every connection. Only Spark is replaced, by a
 * script.
 */
final class ChaosWorld implements AutoCloseable {
  static final String BUCKET = "chaos";
  private static final String CLUSTER = "c9qchaos";

  final Path directory;
  final YandexEmulator cloud;
  final LocalCluster cluster;
  final Orchestrator orchestrator;

  /** The second one of a pair. */
  final Optional<Orchestrator> rival;

  /** With the user, where the database asks for one. */
  final String journalUrl;

  final List<String> jobs;

  /** Of all lines. */
  final MessageCounter messages = new MessageCounter();

  private final S3Server s3;
  private final Stoppers stoppers;
  private final Map<Line, FaultyProxy> proxies = new EnumMap<>(Line.class);
  private final Map<String, String> settings = new TreeMap<>();

  /** Which of the three stoppers there are; a figure is of one alone. */
  record Stoppers(boolean reconciler, boolean lease) {
    static final Stoppers ALL = new Stoppers(true, true);
  }

  ChaosWorld(
      ChaosPlan plan,
      Artifacts artifacts,
      S3Server s3,
      Optional<LocalPostgres> postgres,
      Path directory,
      Stoppers stoppers)
      throws IOException {
    this.directory = directory;
    this.s3 = s3;
    this.stoppers = stoppers;
    cluster =
        new LocalCluster(
            new LocalClusterSettings(
                artifacts.endpointJar,
                sparkHome(),
                directory.resolve("cluster"),
                s3.access(),
                List.of("local:/jobs/"),
                Map.of(
                    "endpoint.kill-grace", "500ms",
                    "endpoint.lease-grace", "3s",
                    "endpoint.lease-first", "12s",
                    "endpoint.max-running", "2"),
                Map.of()));
    cloud =
        YandexEmulator.builder(Files.createDirectories(directory.resolve("cloud")))
            .cluster(CLUSTER)
            .startTakes(plan.startTakes())
            .healthTakes(Duration.ofMillis(100))
            .stopTakes(plan.stopTakes())
            .body(cluster)
            .build();
    int endpoint = cluster.uri().getPort();
    connect(Line.ORCHESTRATOR_TO_CLOUD, cloud.port());
    connect(Line.ENDPOINT_TO_CLOUD, cloud.port());
    connect(Line.ORCHESTRATOR_TO_ENDPOINT, endpoint);
    connect(Line.ORCHESTRATOR_TO_S3, s3.access().endpoint().getPort());
    if (stoppers.lease()) {
      cluster
          .stopsItself(cloud, CLUSTER)
          .set("endpoint.yandex-dataproc", address(Line.ENDPOINT_TO_CLOUD));
    }
    journalUrl = plan.shape().pair() ? database(postgres.orElseThrow()) : file();
    jobs = writeSettings(plan);
    orchestrator =
        new Orchestrator(
            artifacts.orchestratorJar, directory.resolve("chaos.properties"), directory, events());
    rival =
        plan.shape().pair()
            ? Optional.of(rival(artifacts, postgres.orElseThrow()))
            : Optional.empty();
  }

  private String file() {
    set("journal.url", "jdbc:h2:file:" + directory.resolve("journal"));
    return "jdbc:h2:file:" + directory.resolve("journal");
  }

  private String database(LocalPostgres server) throws IOException {
    connect(Line.ORCHESTRATOR_TO_JOURNAL, server.port());
    try {
      String url = server.newDatabase(databaseName());
      int port = proxies.get(Line.ORCHESTRATOR_TO_JOURNAL).port();
      set("journal.url", LocalPostgres.address(databaseName(), port));
      set(
          "journal.credentials-file",
          PrivateFile.write(
              directory.resolve("journal.properties"),
              "user=" + server.user() + "\npassword=not-asked-for\n"));
      set("claim.ttl", "3s");
      return url + "?user=" + server.user();
    } catch (SQLException e) {
      throw new IOException("no database for the journal", e);
    }
  }

  private String databaseName() {
    return directory.getFileName().toString().replace('-', '_');
  }

  private Orchestrator rival(Artifacts artifacts, LocalPostgres server) throws IOException {
    Path own = Files.createDirectories(directory.resolve("rival"));
    Path itsEvents = own.resolve("events.jsonl");
    set("events.file", itsEvents);
    // Not through the proxy: it is never disturbed itself.
    set("journal.url", LocalPostgres.address(databaseName(), server.port()));
    // Beside the other's, since pipelines are found from there.
    Path itsSettings = PrivateFile.write(directory.resolve("rival.properties"), settings, "=");
    return new Orchestrator(artifacts.orchestratorJar, itsSettings, own, itsEvents);
  }

  /** A person's command. */
  Optional<ChildProcess> person(String... words) {
    try {
      return Optional.of(orchestrator.beside(List.of(words)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The run that either orchestrator has told of last. */
  Optional<String> latestRun() {
    return orchestrator.latestRun().or(() -> rival.flatMap(Orchestrator::latestRun));
  }

  private void connect(Line line, int port) {
    proxies.put(line, new FaultyProxy(line, messages, "127.0.0.1", port));
  }

  FaultyProxy proxy(Line line) {
    return proxies.get(line);
  }

  /** Whatever lines there are pass everything again. */
  void mend() {
    proxies.values().forEach(FaultyProxy::mend);
  }

  private String address(Line line) {
    return "127.0.0.1:" + proxies.get(line).port();
  }

  private Path events() {
    return directory.resolve("events.jsonl");
  }

  private Path sparkHome() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("spark-home/bin"));
    Path script = bin.resolve("spark-submit");
    try (InputStream text = ChaosWorld.class.getResourceAsStream("spark-submit.sh")) {
      Files.copy(text, script);
    }
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin.getParent();
  }

  private List<String> writeSettings(ChaosPlan plan) throws IOException {
    for (String service : List.of("dataproc", "operations", "iam")) {
      set("yandex." + service, address(Line.ORCHESTRATOR_TO_CLOUD));
    }
    set("yandex.ca-file", cloud.certificate());
    set("yandex.key-file", cloud.serviceAccountKey());
    set("yandex.call-timeout", "3s");
    set("cluster.main.id", CLUSTER);
    set("cluster.main.poll", "500ms");
    set("cluster.main.poll-fast", "100ms");
    set("cluster.main.start-timeout", "40s");
    set("cluster.main.alive-timeout", "20s");
    set("cluster.main.stop-timeout", "20s");
    set("cluster.main.endpoint.scheme", "http");
    set("cluster.main.endpoint.host", "127.0.0.1");
    set("cluster.main.endpoint.port", proxies.get(Line.ORCHESTRATOR_TO_ENDPOINT).port());
    set("cluster.main.endpoint.ready-timeout", "20s");
    set(
        "cluster.main.endpoint.credentials-file",
        PrivateFile.write(
            directory.resolve("endpoint-token.properties"),
            "bearer=" + cluster.bearerToken() + "\n"));
    set("s3.endpoint", "http://" + address(Line.ORCHESTRATOR_TO_S3));
    set("s3.path-style", true);
    Map<String, String> keys = new TreeMap<>();
    keys.put("access-key-id", s3.access().accessKeyId());
    keys.put("secret-access-key", s3.access().secretAccessKey());
    set(
        "s3.credentials-file",
        PrivateFile.write(directory.resolve("s3-keys.properties"), keys, "="));
    set("events.file", events());
    set("server.port", 0);
    set("lease.ttl", plan.lease().toSeconds() + "s");
    set("reconcile.every", stoppers.reconciler() ? "500ms" : "off");
    set("shutdown", plan.handOver() ? "hand-over" : "stop");
    List<String> names =
        IntStream.rangeClosed(1, plan.jobMillis().size())
            .mapToObj(number -> "job" + number)
            .toList();
    // The day before is due at once, and again each second for as long as it fails; the date is of
    // no matter to the jobs.
    WrittenPipeline pipeline = new WrittenPipeline().every("1s");
    if (plan.shape().sideBySide()) {
      pipeline.sideBySide(names.size());
    }
    for (int i = 0; i < names.size(); i++) {
      pipeline.job(names.get(i), job(names.get(i), plan.jobMillis().get(i)));
    }
    pipeline.write(directory, "datamarts");
    PrivateFile.write(directory.resolve("chaos.properties"), settings, "=");
    return names;
  }

  private Map<String, Object> job(String name, int millis) {
    String url = s3.access().endpoint() + "/" + BUCKET + "/" + prefix();
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("file", "local:/jobs/jobs.jar");
    job.put("class", "a.Main");
    job.put(
        "args",
        List.of(
            String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000),
            url + "effects/{job}/{date}/{attempt}",
            url + "output/{job}/date={date}"));
    job.put("timeout", "60s");
    job.put("poll", "200ms");
    String output = "s3://" + BUCKET + "/" + prefix() + "output/" + name + "/date={date}/";
    job.put("outputs", List.of(Map.of("at", output, "rows", Map.of("min", 0))));
    return job;
  }

  /** Where the run's objects lie in the bucket. */
  String prefix() {
    return directory.getFileName() + "/";
  }

  S3Server s3() {
    return s3;
  }

  private void set(String key, Object value) {
    settings.put("caravan." + key, value.toString());
  }

  boolean isStopped() {
    return cloud.status() == Cluster.Status.STOPPED;
  }

  @Override
  public void close() {
    orchestrator.close();
    rival.ifPresent(Orchestrator::close);
    proxies.values().forEach(FaultyProxy::close);
    cloud.close();
    cluster.close();
  }

  /** How long jobs worked, all together, by their script's own word. */
  Duration worked() throws IOException {
    long nanos = 0;
    for (String line : Files.readAllLines(directory.resolve("spark-home/worked"))) {
      nanos += Long.parseLong(line.strip());
    }
    return Duration.ofNanos(nanos);
  }
}
