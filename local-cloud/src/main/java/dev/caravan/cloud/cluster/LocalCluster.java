package dev.caravan.cloud.cluster;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.FreePort;
import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.process.ProcessFamily;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.yandex.ClusterBody;
import dev.caravan.cloud.yandex.YandexEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A cluster of one machine, this one: start launches the cluster endpoint, whose batches run on a
 * Spark home; stop ends the endpoint and every process that came from it, as the stop of the
 * machines would. Its files stay, as the disks would.
 */
public final class LocalCluster implements ClusterBody, AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration RESTART_PAUSE = Duration.ofMillis(200);
  private static final int MOST_RESTARTS = 20;

  /** As {@code TimeoutStopSec} of the endpoint's unit: the last logs are shipped in this time. */
  private static final Duration STOP_BOUND = Duration.ofSeconds(60);

  /** What the endpoint ends with if its settings don't hold: another start would not help. */
  private static final int BAD_SETTINGS = 2;

  private static final Duration LOOK_PAUSE = Duration.ofMillis(50);
  private static final Duration LOOK_BOUND = Duration.ofSeconds(1);

  private final LocalClusterSettings settings;
  private final int port = FreePort.find();
  private final String bearerToken = UUID.randomUUID().toString();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(LOOK_BOUND)
          .build();
  private final Map<String, String> laterKeys = new ConcurrentHashMap<>();
  private Optional<ChildProcess> endpoint = Optional.empty();
  private int restartsLeft;

  public LocalCluster(LocalClusterSettings settings) {
    this.settings = settings;
  }

  /** Where the endpoint listens whenever the cluster runs. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** From the next start on the endpoint has this setting, too. */
  public LocalCluster set(String key, String value) {
    laterKeys.put(key, value);
    return this;
  }

  /**
   * From the next start on the endpoint may stop its own cluster, as the account of a machine in
   * this cloud.
   */
  public LocalCluster stopsItself(YandexEmulator cloud, String clusterId) {
    set("endpoint.cluster-id", clusterId);
    set("endpoint.metadata", cloud.metadata().toString());
    set("endpoint.yandex-dataproc", cloud.address());
    return set("endpoint.yandex-ca-file", cloud.certificate().toString());
  }

  /**
   * Ends the endpoint as {@code kill -9} does; what it started goes on, and it is started again.
   * Returns whether there was an endpoint.
   */
  public boolean killEndpoint() {
    synchronized (this) {
      return endpoint
          .flatMap(process -> ProcessHandle.of(process.pid()))
          .filter(ProcessHandle::destroyForcibly)
          .isPresent();
    }
  }

  /** The token that the endpoint asks for. */
  public String bearerToken() {
    return bearerToken;
  }

  /** The endpoint's output of all starts. */
  public Path log() {
    return settings.directory().resolve("endpoint.log");
  }

  /**
   * Launches the endpoint and returns once it is healthy.
   *
   * @throws IllegalStateException with the end of its log if it ends or is not healthy within a
   *     minute
   */
  @Override
  public void start() throws IOException, InterruptedException {
    stop();
    ChildProcess process = launch(new ProcessFamily());
    synchronized (this) {
      endpoint = Optional.of(process);
      restartsLeft = MOST_RESTARTS;
    }
    restartWhenItEnds(process);
    awaitHealth();
  }

  /**
   * Whichever process is the endpoint meanwhile: one that dies while it starts is started again.
   */
  private void awaitHealth() throws InterruptedException {
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (!alive()) {
      Optional<ChildProcess> now = current();
      if (System.nanoTime() > deadline || isGivenUp(now)) {
        String end =
            now.flatMap(LocalCluster::exitCode)
                .map(code -> "ended with exit code " + code)
                .orElse("did not become healthy in time");
        throw new IllegalStateException(
            "the cluster endpoint "
                + end
                + "; its log ends:\n"
                + now.map(ChildProcess::lastLines).orElse(""));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_PAUSE.toMillis());
    }
  }

  private synchronized Optional<ChildProcess> current() {
    return endpoint;
  }

  private synchronized boolean isGivenUp(Optional<ChildProcess> process) {
    return process.isEmpty() || (restartsLeft == 0 && exitCode(process.get()).isPresent());
  }

  private static Optional<Integer> exitCode(ChildProcess process) {
    try {
      return process.exitCode(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** As {@code Restart=always} of systemd does, a bounded number of times for each start. */
  private void restartWhenItEnds(ChildProcess process) {
    process.onExit(RESTART_PAUSE, () -> restart(process));
  }

  private void restart(ChildProcess ended) {
    ChildProcess next;
    synchronized (this) {
      if (endpoint.filter(current -> current == ended).isEmpty() || restartsLeft == 0) {
        return;
      }
      restartsLeft = ended.exitCode() == BAD_SETTINGS ? 0 : restartsLeft - 1;
      if (restartsLeft == 0) {
        return;
      }
      try {
        next = launch(ended.family());
      } catch (IOException e) {
        throw new UncheckedIOException("the endpoint could not be started again", e);
      }
      endpoint = Optional.of(next);
    }
    restartWhenItEnds(next);
  }

  private ChildProcess launch(ProcessFamily family) throws IOException {
    Files.createDirectories(settings.directory());
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME", settings.sparkHome().toAbsolutePath().toString(),
            "SPARK_CONF_DIR", SparkDefaults.write(settings).toAbsolutePath().toString(),
            "SPARK_LOCAL_IP", "127.0.0.1",
            "JAVA_HOME", System.getProperty("java.home"));
    return ChildProcess.start(
        family,
        "the cluster endpoint",
        ChildProcess.jar("256m", settings.endpointJar(), "--config=" + writeEndpointSettings()),
        environment,
        log());
  }

  private Path writeEndpointSettings() throws IOException {
    Path credentials = settings.directory().resolve("endpoint-credentials.properties");
    PrivateFile.write(credentials, "bearer.orchestrator=" + bearerToken + "\n");
    Map<String, String> keys = new TreeMap<>();
    keys.put("endpoint.host", "127.0.0.1");
    keys.put("endpoint.port", String.valueOf(port));
    keys.put("endpoint.data-dir", settings.directory().resolve("endpoint-data").toString());
    keys.put("endpoint.spark-submit", settings.sparkHome().resolve("bin/spark-submit").toString());
    keys.put("endpoint.master", "local[2]");
    keys.put("endpoint.deploy-mode", "client");
    keys.put("endpoint.allowed-files", String.join(",", settings.allowedFiles()));
    keys.put("endpoint.credentials-file", credentials.toString());
    keys.put("endpoint.max-running", "1");
    if (settings.endpointKeys().containsKey("endpoint.logs-to")) {
      keys.putAll(s3Keys());
    }
    keys.putAll(settings.endpointKeys());
    keys.putAll(laterKeys);
    return PrivateFile.write(settings.directory().resolve("endpoint.properties"), keys, "=");
  }

  /** Without a metadata server the endpoint can't be the machine's account: it gets the keys. */
  private Map<String, String> s3Keys() throws IOException {
    S3Access s3 = settings.s3();
    Path credentials = settings.directory().resolve("endpoint-s3-keys.properties");
    Map<String, String> pair = new TreeMap<>();
    pair.put("access-key-id", s3.accessKeyId());
    pair.put("secret-access-key", s3.secretAccessKey());
    PrivateFile.write(credentials, pair, "=");
    return Map.of(
        "endpoint.s3-endpoint", s3.endpoint().toString(),
        "endpoint.s3-region", s3.region(),
        "endpoint.s3-path-style", "true",
        "endpoint.s3-credentials-file", credentials.toString());
  }

  /** Ends the endpoint, then all that came from it; after {@link #STOP_BOUND} by force. */
  @Override
  public void stop() {
    Optional<ChildProcess> ending;
    synchronized (this) {
      ending = endpoint;
      endpoint = Optional.empty();
    }
    ending.ifPresent(process -> process.end(STOP_BOUND));
  }

  @Override
  public boolean alive() {
    synchronized (this) {
      if (endpoint.isEmpty()) {
        return false;
      }
    }
    HttpRequest request =
        HttpRequest.newBuilder(uri().resolve("/health"))
            .timeout(LOOK_BOUND)
            .header("Authorization", "Bearer " + bearerToken)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
