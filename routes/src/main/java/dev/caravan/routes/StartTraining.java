package dev.caravan.routes;

import dev.caravan.routes.operations.Asker;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.RunRequest;
import dev.caravan.routes.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The training run for the class data sharing archive of the orchestrator: the commands that look
 * are called over a journal, then over a server, whose page is asked for, too. The JVM archives the
 * classes that were loaded ({@code -XX:ArchiveClassesAtExit}).
 */
final class StartTraining {
  private static final Map<String, String> FILES =
      Map.of(
          "application.properties",
          """
          caravan.cluster.main.id=training
          caravan.yandex.credentials=metadata
          caravan.s3.credentials-file=s3.properties
          caravan.server.port=0
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

  private StartTraining(Path directory) {
    this.directory = directory;
  }

  /** Ends with 0 when all was answered. */
  public static void main(String[] args) throws Exception {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    Path directory = Files.createTempDirectory("caravan-training-");
    try {
      new StartTraining(directory).train();
    } finally {
      delete(directory);
    }
  }

  private void train() throws Exception {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Settings settings = Settings.read(directory.resolve("application.properties"), Map.of());
    try (ControlPlane plane = JournalControlPlane.open(settings, Clock.systemUTC())) {
      plane.run(
          new RunRequest("training", Optional.empty(), false), new Asker("training", "training"));
    }
    call();
    // It is not told to serve: the run that was asked for stays in the queue, and nothing calls a
    // cloud.
    try (CaravanApplication server = CaravanApplication.startServer(settings, Clock.systemUTC())) {
      ServerNotice.of(server.controlPlane(), server.address(), 100);
      try (InputStream page = server.address().toURL().openStream()) {
        page.readAllBytes();
      }
      call();
    }
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
