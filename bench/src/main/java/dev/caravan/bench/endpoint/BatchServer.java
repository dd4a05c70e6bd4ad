package dev.caravan.bench.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.bench.load.Call;
import dev.caravan.bench.load.LoadGenerator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A server of Livy batches as a process of its own, and the calls that nobody times. */
abstract class BatchServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Set<String> ENDED = Set.of("success", "dead", "killed", "error");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path directory;
  private int keys;

  BatchServer(Path directory) {
    this.directory = directory;
  }

  abstract String name();

  abstract int port();

  abstract long processId();

  /** Starts the process on the files that are there; returns when it answers. */
  abstract void launch() throws IOException, InterruptedException;

  Path directory() {
    return directory;
  }

  /** Starts the process; returns how long it took from there to the first answer. */
  Duration start() throws IOException, InterruptedException {
    Files.createDirectories(directory);
    long begin = System.nanoTime();
    launch();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  LoadGenerator driver(int wanted) {
    return new LoadGenerator(port(), wanted);
  }

  /** Ends the server alone, as a crash would; its batches are left to themselves. */
  void crash() {
    ProcessHandle handle = ProcessHandle.of(processId()).orElseThrow(IllegalStateException::new);
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

  /** Processor time that the server has used, whatever else this machine does. */
  double processorSeconds() {
    return ProcessHandle.of(processId())
        .flatMap(process -> process.info().totalCpuDuration())
        .map(spent -> spent.toNanos() / 1e9)
        .orElse(Double.NaN);
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
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** Ends the server and all that came from it. */
  @Override
  public abstract void close();
}
