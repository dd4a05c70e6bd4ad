package dev.caravan.endpoint;

import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.SettingsSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The training run for the class data sharing archive: starts an endpoint on loopback, sends each
 * request once and ends. The JVM archives the classes that were loaded ({@code
 * -XX:ArchiveClassesAtExit}), which makes later starts faster.
 */
public final class TrainingRun {
  private static final int BOUND_MILLIS = 30_000;
  private static final int LOOKS = 300;
  private static final String BODY =
      "{\"file\":\"local:/training/job.jar\",\"name\":\"training\",\"args\":[\"x\"],\"numExecutors\":\"1\",\"conf\":{\"spark.x\":1}}";

  private final int port;

  private TrainingRun(int port) {
    this.port = port;
  }

  /** Ends with 0 when all was answered, in seconds. */
  public static void main(String[] args) throws Exception {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    Path directory = Files.createTempDirectory("caravan-training-");
    try (RunningEndpoint endpoint = RunningEndpoint.start(settings(directory))) {
      new TrainingRun(endpoint.port()).ask();
    } finally {
      delete(directory);
    }
  }

  private static EndpointSettings settings(Path directory) {
    return EndpointSettings.from(
        new SettingsSource(
            Map.of(
                "endpoint.port", "0",
                "endpoint.data-dir", directory.resolve("data").toString(),
                "endpoint.spark-submit", "/bin/true",
                "endpoint.allowed-files", "local:/training/",
                "endpoint.on-stop", "kill")));
  }

  private void ask() throws IOException, InterruptedException {
    ask("POST", "/batches", BODY, 201);
    ask("POST", "/batches", BODY, 201); // the same key
    ask("POST", "/batches", "{", 400);
    int looks = 0;
    while (!ask("GET", "/batches/1/state", "", 200).contains("success") && looks++ < LOOKS) {
      Thread.sleep(20);
    }
    for (String path :
        List.of("/", "/version", "/batches", "/batches/1", "/batches/1/log?from=0&size=9")) {
      ask("GET", path, "", 200);
    }
    ask("PUT", "/lease", "{\"run\":\"training\",\"ttlSeconds\":1}", 200);
    ask("GET", "/lease", "", 200);
    ask("HEAD", "/batches", "", 200);
    ask("GET", "/batches/2/state", "", 404);
    ask("GET", "/nowhere", "", 404);
    ask("DELETE", "/batches/1", "", 200);
  }

  private String ask(String method, String path, String body, int status) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(BOUND_MILLIS);
      String head =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: training\r\nConnection: close\r\nIdempotency-Key: training/1\r\n"
              + (body.isEmpty()
                  ? ""
                  : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
              + "\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!answer.startsWith("HTTP/1.1 " + status)) {
        throw new IllegalStateException(
            method + " " + path + " should be answered with " + status + ", but: " + answer);
      }
      return answer;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
