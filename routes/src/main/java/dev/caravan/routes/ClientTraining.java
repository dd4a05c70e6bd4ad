package dev.caravan.routes;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.processors.journal.RunFilter;
import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.PageRequest;
import dev.caravan.routes.operations.RunRequest;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.routes.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The training run for the class data sharing archive of the commands that look and steer: each is
 * called over a journal, then over a server that answers what the journal has told. The JVM
 * archives the classes that were loaded ({@code -XX:ArchiveClassesAtExit}).
 */
final class ClientTraining {
  private static final Map<String, String> FILES =
      Map.of(
          "application.properties",
          """
          caravan.cluster.main.id=training
          caravan.yandex.credentials=metadata
          caravan.s3.credentials-file=s3.properties
          """,
          "s3.properties",
          "access-key-id=training\nsecret-access-key=training\n",
          "pipelines/training.yaml",
          """
          schedule: { cron: "0 3 * * *" }
          cluster: main
          jobs:
            job: { file: "local:/training/job.jar", class: training.Job }
          """);

  private final Path directory;

  private ClientTraining(Path directory) {
    this.directory = directory;
  }

  /** Ends with 0 when all was answered. */
  public static void main(String[] args) throws IOException {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    Path directory = Files.createTempDirectory("caravan-training-");
    try {
      new ClientTraining(directory).train();
    } finally {
      delete(directory);
    }
  }

  private void train() throws IOException {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Map<String, String> answers = answers();
    call();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answers.forEach(
        (path, body) ->
            server.createContext(
                "/api/v1/" + path,
                exchange -> {
                  byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                  exchange.sendResponseHeaders(200, bytes.length);
                  exchange.getResponseBody().write(bytes);
                  exchange.close();
                }));
    server.start();
    try {
      Files.writeString(
          directory.resolve("data/server.json"),
          json(
              Map.of(
                  "address",
                  "http://127.0.0.1:" + server.getAddress().getPort(),
                  "pid",
                  ProcessHandle.current().pid(),
                  "token",
                  "training")));
      call();
    } finally {
      server.stop(0);
    }
  }

  /** What a server would say, by path; of a journal with one run. */
  private Map<String, String> answers() throws IOException {
    Map<String, String> answers = new TreeMap<>();
    Settings settings = Settings.read(directory.resolve("application.properties"), Map.of());
    try (ControlPlane plane = JournalControlPlane.open(settings, Clock.systemUTC())) {
      RunView run =
          plane
              .run(new RunRequest("training", Optional.empty(), false), new Asker("training", ""))
              .run();
      answers.put(
          "server", json(Map.of("pid", 1, "startedAt", Instant.EPOCH, "actor", "training")));
      answers.put("runs", json(plane.runs(RunFilter.ALL, PageRequest.first(1))));
      answers.put("runs/" + run.id(), json(plane.run(run.id())));
      answers.put("pipelines", json(Map.of("items", plane.pipelines())));
      answers.put("clusters", json(Map.of("items", plane.clusters())));
      answers.put("alarms", json(Map.of("items", plane.alarms())));
    }
    return answers;
  }

  private static String json(Object view) throws IOException {
    return ViewJson.mapper().writeValueAsString(view);
  }

  private void call() {
    for (List<String> words :
        List.of(
            List.of("runs"),
            List.of("runs", "--output", "json"),
            List.of("show"),
            List.of("status"),
            List.of("pipelines"),
            List.of("alarms"))) {
      int exitCode =
          Caravan.commandLine(words.get(0))
              .setOut(new PrintWriter(Writer.nullWriter()))
              .setErr(new PrintWriter(System.err, true))
              .execute(
                  Stream.concat(
                          words.stream(),
                          Stream.of(
                              "--config", directory.resolve("application.properties").toString()))
                      .toArray(String[]::new));
      if (exitCode != 0) {
        throw new IllegalStateException(words + " ended with " + exitCode);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
