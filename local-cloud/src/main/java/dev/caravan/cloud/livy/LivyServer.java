package dev.caravan.cloud.livy;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.ConsoleLogging;
import dev.caravan.cloud.process.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A running stock Livy on a free loopback port. Its batches are started with the spark-submit of a
 * Spark home, real or {@link FakeSparkHome}. Its log is {@code livy.log} in its directory. For use
 * by one thread.
 */
public final class LivyServer implements AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final int ASK_MILLIS = 1000;

  private final URI uri;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final List<ChildProcess> processes = new ArrayList<>();

  private LivyServer(URI uri, List<String> command, Map<String, String> environment, Path log) {
    this.uri = uri;
    this.command = command;
    this.environment = environment;
    this.log = log;
  }

  /** Starts a server with its own defaults, as {@link #start(Path, Path, Path, Map, List)} does. */
  public static LivyServer start(Path home, Path sparkHome, Path directory)
      throws IOException, InterruptedException {
    return start(home, sparkHome, directory, Map.of(), List.of());
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param home the assembled server: {@code local-cloud/livy/target/livy}
   * @param sparkHome holds the {@code bin/spark-submit} that its batches are started with
   * @param directory where its configuration and its logs are kept; files under it may be submitted
   *     as {@code file:} addresses
   * @param settings of livy.conf, over those that are set here
   * @param jvmOptions of the server's JVM ({@code -Xmx256m})
   * @throws IllegalStateException with the end of its log if it does not answer within a minute
   */
  public static LivyServer start(
      Path home,
      Path sparkHome,
      Path directory,
      Map<String, String> settings,
      List<String> jvmOptions)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    Path configuration = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(configuration.resolve("livy.conf"), settings(port, directory, settings));
    ConsoleLogging.write(configuration);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", configuration + ":" + home.resolve("lib") + "/*"));
    command.add("org.apache.livy.server.LivyServer");
    Map<String, String> environment =
        Map.of(
            "LIVY_CONF_DIR", configuration.toString(),
            "LIVY_LOG_DIR", Files.createDirectories(directory.resolve("requests")).toString(),
            "SPARK_HOME", sparkHome.toString());
    LivyServer server =
        new LivyServer(
            URI.create("http://127.0.0.1:" + port),
            command,
            environment,
            directory.resolve("livy.log"));
    server.start();
    return server;
  }

  private static String settings(int port, Path directory, Map<String, String> over) {
    Map<String, String> all = new TreeMap<>();
    all.put("livy.server.host", "127.0.0.1");
    all.put("livy.server.port", Integer.toString(port));
    all.put("livy.spark.master", "local[1]");
    all.put("livy.file.local-dir-whitelist", directory + "/");
    all.putAll(over);
    StringBuilder text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  private void start() throws IOException, InterruptedException {
    ChildProcess process = ChildProcess.start("the stock Livy", command, environment, log);
    processes.add(process);
    try {
      process.await("it answered at " + uri, START_BOUND, this::answer);
    } catch (RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private Optional<Integer> answer() {
    try {
      HttpURLConnection call = (HttpURLConnection) uri.resolve("/version").toURL().openConnection();
      call.setConnectTimeout(ASK_MILLIS);
      call.setReadTimeout(ASK_MILLIS);
      try (InputStream body = call.getInputStream()) {
        body.readAllBytes();
        return Optional.of(call.getResponseCode());
      }
    } catch (IOException e) {
      return Optional.empty(); // not yet
    }
  }

  /** Where it answers, the same after a restart. */
  public URI uri() {
    return uri;
  }

  /** The process id of the server that runs now, or ran last. */
  public long pid() {
    return current().pid();
  }

  private ChildProcess current() {
    return processes.get(processes.size() - 1);
  }

  /** Kills the server alone, as kill -9 does; its batches' processes live on. */
  public void kill() throws InterruptedException {
    ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    if (current().exitCode(ChildProcess.PATIENCE).isEmpty()) {
      throw new IllegalStateException("the stock Livy, process " + pid() + ", outlived its kill");
    }
  }

  /** Starts it again on the same port after {@link #kill()}; fails as the first start does. */
  public void restart() throws IOException, InterruptedException {
    if (current().alive()) {
      throw new IllegalStateException("the stock Livy still runs: kill it first");
    }
    start();
  }

  /** Ends the server, and whatever any of its processes started. */
  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }
}
