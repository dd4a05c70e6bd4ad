package dev.caravan.bench.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.bench.load.Call;
import dev.caravan.bench.load.Driver;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A server of Livy batches as a process of its own, and the calls that nobody times. */
abstract class BatchServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Set<String> ENDED = Set.of("success", "dead", "killed", "error");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Call HELLO = Call.get("/batches?size=1");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path directory;
  private final int port = FreePort.find();
  private Optional<ChildProcess> process = Optional.empty();
  private int keys;

  BatchServer(Path directory) {
    this.directory = directory;
  }

  abstract String name();

  abstract List<String> command() throws IOException;

  abstract Map<String, String> environment();

  Path directory() {
    return directory;
  }

  int port() {
    return port;
  }

  /** Starts the process; returns how long it took from there to the first 200. */
  Duration start() throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<String> command = command();
    long begin = System.nanoTime();
    ChildProcess child =
        ChildProcess.start(name(), command, environment(), directory.resolve("server.log"));
    process = Optional.of(child);
    while (!answers()) {
      if (!child.alive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException(name() + " did not start:\n" + child.lastLines());
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private boolean answers() {
    try {
      return driver(200).closedLoop(1, () -> HELLO, PATIENCE, 1).failures() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  Driver driver(int wanted) {
    return new Driver(port, wanted);
  }

  /** Ends the server alone, as a crash would; its batches are left to themselves. */
  void crash() throws InterruptedException {
    ProcessHandle handle =
        ProcessHandle.of(process.orElseThrow().pid()).orElseThrow(IllegalStateException::new);
    handle.destroyForcibly();
    handle.onExit().join();
  }

  /** Resident memory now, in MB of a million bytes. */
  double residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + processId() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("There is no VmRSS of " + name() + ".");
  }

  private long processId() {
    return process.orElseThrow().pid();
  }

  /** A request that creates a batch; each has a key of its own. */
  Call submission(String arguments) {
    return Call.post("/batches", FakeSparkSubmit.body(arguments), "bench/" + ++keys);
  }

  /** Creates a batch; asks again while the server has too many. */
  int submit(String arguments) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(uri("/batches"))
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", "bench/" + ++keys)
                  .POST(HttpRequest.BodyPublishers.ofString(FakeSparkSubmit.body(arguments)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 201) {
        return JSON.readTree(answer.body()).path("id").asInt();
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(name() + " refuses a batch: " + answer.body());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createObjectNode();
  }

  void delete(int batch) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(uri("/batches/" + batch)).DELETE().build(),
        HttpResponse.BodyHandlers.discarding());
  }

  /** Its state; empty if the server doesn't know it. */
  String state(int batch) throws IOException, InterruptedException {
    return get("/batches/" + batch + "/state").path("state").asText();
  }

  void awaitState(int batch, Set<String> states) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!states.contains(state(batch))) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name() + ": batch " + batch + " is " + state(batch) + ", not one of " + states);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  void awaitEnd(int batch) throws IOException, InterruptedException {
    awaitState(batch, ENDED);
  }

  /** Ids of all batches known, oldest first. */
  List<Integer> batches() throws IOException, InterruptedException {
    return get("/batches?from=0&size=100000").path("sessions").findValuesAsText("id").stream()
        .map(Integer::valueOf)
        .toList();
  }

  /** Adds finished batches until that many are known; returns when all have ended. */
  void fillUpTo(int count) throws IOException, InterruptedException {
    for (int known = batches().size(); known < count; known++) {
      submit(FakeSparkSubmit.END);
    }
    for (int batch : batches()) {
      awaitEnd(batch);
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Ends the server and all that came from it. */
  @Override
  public void close() {
    process.ifPresent(ChildProcess::close);
  }
}
