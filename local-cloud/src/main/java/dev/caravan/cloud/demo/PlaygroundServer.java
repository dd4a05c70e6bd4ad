package dev.caravan.cloud.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
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
import java.util.concurrent.TimeUnit;

/**
 * The orchestrator's server beside the playground's cloud. One that dies is started again, as
 * systemd does.
 */
final class PlaygroundServer implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final Duration CALL_BOUND = Duration.ofSeconds(30);

  /** It stops its cluster within this. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
  private static final int MOST_QUICK_ENDS = 5;
  private static final Duration QUICK = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path jar;
  private final Path settings;
  private final DemoOutput progress;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ChildProcess process;
  private boolean closed;

  private PlaygroundServer(Path jar, Path settings, DemoOutput progress) {
    this.jar = jar;
    this.settings = settings;
    this.progress = progress;
  }

  /** Starts it and waits until it answers. */
  static PlaygroundServer start(Path jar, Path settings, DemoOutput progress, CloseStack closer)
      throws IOException, InterruptedException {
    PlaygroundServer server = new PlaygroundServer(jar, settings, progress);
    server.launch();
    closer.add(server);
    server.awaitAnnounced();
    return server;
  }

  /** Where the server says where it is. */
  private Path announced() {
    return settings.resolveSibling("server.json");
  }

  Path log() {
    return settings.resolveSibling("server.log");
  }

  private synchronized void launch() throws IOException {
    if (closed) {
      return;
    }
    process =
        ChildProcess.start(
            "the server",
            ChildProcess.jar("256m", jar, "serve", "--config", settings.toString()),
            Map.of(),
            log());
  }

  private synchronized ChildProcess process() {
    return process;
  }

  private void awaitAnnounced() throws InterruptedException {
    ChildProcess starting = process();
    starting.await(
        "it said where it is",
        START_BOUND,
        () -> read(announced()).filter(json -> json.path("pid").asLong() == starting.pid()));
  }

  private static Optional<JsonNode> read(Path file) {
    try {
      return Files.exists(file) ? Optional.of(JSON.readTree(file.toFile())) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // removed meanwhile
    }
  }

  URI address() {
    return URI.create(read(announced()).orElseThrow().path("address").asText());
  }

  /** Asks the server. */
  JsonNode get(String path) throws InterruptedException {
    return call(request(path).GET());
  }

  /** Has the server do something. */
  JsonNode post(String path, Map<String, Object> body) throws InterruptedException {
    try {
      return call(
          request(path)
              .header("Content-Type", "application/json")
              .header("X-Caravan-Actor", "demo")
              .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    JsonNode json = read(announced()).orElseThrow();
    return HttpRequest.newBuilder(URI.create(json.path("address").asText() + "/api/v1/" + path))
        .timeout(CALL_BOUND)
        .header("Authorization", "Bearer " + json.path("token").asText());
  }

  private JsonNode call(HttpRequest.Builder request) throws InterruptedException {
    HttpRequest built = request.build();
    try {
      HttpResponse<String> answer = http.send(built, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(
            "the server answered " + built.uri() + ": " + answer.body().strip());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(
          "the server did not answer "
              + built.uri()
              + " ("
              + e
              + "); its log ends:\n"
              + process().lastLines(),
          e);
    }
  }

  /**
   * Returns when it has been closed.
   *
   * @throws IllegalStateException if it ends again and again
   */
  void keepUp() throws IOException, InterruptedException {
    int quickEnds = 0;
    while (true) {
      ChildProcess running = process();
      long begun = System.nanoTime();
      Optional<Integer> exitCode = Optional.empty();
      while (exitCode.isEmpty()) {
        exitCode = running.exitCode(Duration.ofDays(1));
      }
      if (isClosed()) {
        return;
      }
      quickEnds = System.nanoTime() - begun < QUICK.toNanos() ? quickEnds + 1 : 0;
      if (quickEnds == MOST_QUICK_ENDS) {
        throw new IllegalStateException(
            "the server ends again and again; its log ends:\n" + running.lastLines());
      }
      progress.say("the server ended with exit code " + exitCode.get() + "; starting it again ...");
      TimeUnit.MILLISECONDS.sleep(RESTART_PAUSE.toMillis());
      launch();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    ChildProcess running;
    synchronized (this) {
      closed = true;
      running = process;
    }
    running.end(PATIENCE);
  }
}
