package dev.caravan.cloud.cluster;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.FreePort;
import dev.caravan.cloud.process.PrivateFile;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.yandex.ClusterBody;
import java.io.IOException;
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

/**
 * A cluster of one machine, this one: start launches the cluster endpoint, whose batches run on a
 * Spark home; stop ends the endpoint and every process that came from it, as the stop of the
 * machines would. Its files stay, as the disks would.
 */
public final class LocalCluster implements ClusterBody, AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration LOOK_BOUND = Duration.ofSeconds(1);

  private final LocalClusterSettings settings;
  private final int port = FreePort.find();
  private final String bearerToken = UUID.randomUUID().toString();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(LOOK_BOUND)
          .build();
  private Optional<ChildProcess> endpoint = Optional.empty();

  public LocalCluster(LocalClusterSettings settings) {
    this.settings = settings;
  }

  /** Where the endpoint listens whenever the cluster runs. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
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
    Files.createDirectories(settings.directory());
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME", settings.sparkHome().toAbsolutePath().toString(),
            "SPARK_CONF_DIR", SparkDefaults.write(settings).toAbsolutePath().toString(),
            "SPARK_LOCAL_IP", "127.0.0.1",
            "JAVA_HOME", System.getProperty("java.home"));
    ChildProcess process =
        ChildProcess.start(
            "the cluster endpoint",
            ChildProcess.java(
                "256m",
                "-XX:SharedArchiveFile=" + archive(),
                "-jar",
                settings.endpointJar().toAbsolutePath().toString(),
                "--config=" + writeEndpointSettings()),
            environment,
            log());
    synchronized (this) {
      endpoint = Optional.of(process);
    }
    process.await(
        "it was healthy", START_BOUND, () -> alive() ? Optional.of(true) : Optional.empty());
  }

  /** Beside the jar, where the build puts it; Java passes over one that is missing. */
  private String archive() {
    return settings.endpointJar().toAbsolutePath().toString().replaceAll("\\.jar$", ".jsa");
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

  /** Ends the endpoint and all that came from it; within about ten seconds nothing is left. */
  @Override
  public void stop() {
    Optional<ChildProcess> ending;
    synchronized (this) {
      ending = endpoint;
      endpoint = Optional.empty();
    }
    ending.ifPresent(ChildProcess::close);
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
