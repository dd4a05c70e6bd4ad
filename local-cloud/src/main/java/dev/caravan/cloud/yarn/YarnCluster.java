package dev.caravan.cloud.yarn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A running stock YARN of one node, 6144 MiB and 8 virtual cores large: a ResourceManager and a
 * NodeManager on free loopback ports, each a process with at most 256 MiB of heap. Files are the
 * machine's own (file:). The logs are resourcemanager.log and nodemanager.log in its directory, the
 * containers' are below containers. For use by one thread.
 */
public final class YarnCluster implements AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final int ASK_MILLIS = 2000;
  private static final String SERVER = "org.apache.hadoop.yarn.server.";

  private final ObjectMapper json = new ObjectMapper();
  private final YarnConfiguration configuration;
  private final Deque<ChildProcess> processes = new ArrayDeque<>();

  private YarnCluster(YarnConfiguration configuration) {
    this.configuration = configuration;
  }

  /**
   * Starts a cluster and waits until its node can run containers.
   *
   * @param home the assembled servers: {@code local-cloud/yarn/target/yarn}
   * @param directory where configuration, logs and the containers' files are kept
   * @throws IllegalStateException with the end of a server's log if it ends, or if the node is not
   *     RUNNING within a minute
   */
  public static YarnCluster start(Path home, Path directory)
      throws IOException, InterruptedException {
    Path absolute = Files.createDirectories(directory).toAbsolutePath();
    YarnCluster cluster = new YarnCluster(YarnConfiguration.write(absolute));
    try {
      // Both at once: the NodeManager asks until the other answers.
      cluster.start(home, absolute, "ResourceManager");
      ChildProcess node = cluster.start(home, absolute, "NodeManager");
      node.await("its node was RUNNING", START_BOUND, cluster::runningNode);
      return cluster;
    } catch (IOException | RuntimeException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private ChildProcess start(Path home, Path directory, String server) throws IOException {
    String name = server.toLowerCase(Locale.ROOT);
    Path log = directory.resolve(name + ".log");
    Files.deleteIfExists(log);
    List<String> command =
        ChildProcess.java(
            "256m",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
            "-cp",
            String.join(
                File.pathSeparator,
                configuration.directory().toString(),
                directory.resolve("logging").toString(),
                home.toAbsolutePath().resolve("lib") + "/*"),
            SERVER + name + "." + server);
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            // Containers get it, too: whatever they listen on is for this machine only.
            "SPARK_LOCAL_IP",
            "127.0.0.1");
    ChildProcess process = ChildProcess.start("YARN's " + server, command, environment, log);
    processes.push(process);
    return process;
  }

  private Optional<String> runningNode() {
    ChildProcess manager = processes.getLast();
    if (!manager.alive()) {
      throw new IllegalStateException(
          "YARN's ResourceManager ended with exit code "
              + manager.exitCode()
              + "; its log ends:\n"
              + manager.lastLines());
    }
    try {
      for (JsonNode node : nodes()) {
        if (node.path("state").asText().equals("RUNNING")) {
          return Optional.of(node.path("id").asText());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // not yet
    }
  }

  /** Without any node {"nodes":null} or {"nodes":{}}. */
  private JsonNode nodes() throws IOException {
    URI uri = restAddress().resolve("/ws/v1/cluster/nodes");
    HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
    call.setConnectTimeout(ASK_MILLIS);
    call.setReadTimeout(ASK_MILLIS);
    call.setRequestProperty("Accept", "application/json");
    try (InputStream body = call.getInputStream()) {
      return json.readTree(body).path("nodes").path("node");
    }
  }

  /** What HADOOP_CONF_DIR and YARN_CONF_DIR name for whoever submits to it. */
  public Path confDirectory() {
    return configuration.directory();
  }

  /** Where its REST API answers: {@code http://127.0.0.1:PORT}. */
  public URI restAddress() {
    return configuration.rest();
  }

  /**
   * How many processes of it are alive: the two servers, and the containers with all that they
   * started.
   */
  public long living() {
    return processes.stream().mapToLong(ChildProcess::living).sum();
  }

  /**
   * Ends the NodeManager with all its containers, then the ResourceManager; each within twice
   * {@link ChildProcess#PATIENCE}.
   */
  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }
}
