package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.routes.api.ServerFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes that are changed while the packaged server runs. */
class RouteReloadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** Says once that it is there. */
  private static String route(HttpReceiver people, String path) {
    return """
        - route:
            id: greeting
            from:
              uri: timer:greeting?repeatCount=1&delay=1
              steps:
                - setHeader: { name: CamelHttpMethod, constant: "POST" }
                - setBody: { constant: "here" }
                - to: { uri: "%s" }
        """
        .formatted(people.url(path));
  }

  @Test
  void goodFileIsTakenUpAndABrokenOneLeavesTheServerAsItIs() throws Exception {
    try (LocalWorld world = LocalWorld.create(directory);
        HttpReceiver people = HttpReceiver.start()) {
      Path own = Files.createDirectory(directory.resolve("my-routes"));
      Path file = own.resolve("greeting.yaml");
      Files.writeString(file, route(people, "/first"));
      world
          .set("caravan.routes.directory", own.toString())
          .set("caravan.shutdown", "hand-over")
          .schedule("cron", "0 0 1 1 *");
      ChildProcess serving = world.start("serve", "--reload");
      await().atMost(PATIENCE).until(() -> !people.received("/first").isEmpty());

      Files.writeString(file, "- route: { id: greeting, from: { uri: 'timer:x', stepz: [] } }");
      await().atMost(PATIENCE).until(() -> serving.log().contains("not taken up"));
      assertThat(serving.log()).contains("Unsupported field: stepz");
      assertThat(serving.exitCode(Duration.ZERO)).as("it runs").isEmpty();
      ChildProcess status = world.start("status");
      assertThat(status.exitCode(PATIENCE)).as(status.log()).contains(0);

      Files.writeString(file, route(people, "/second"));
      await().atMost(PATIENCE).until(() -> !people.received("/second").isEmpty());
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  ServerFile.read(directory.resolve("server.json"))
                      .filter(told -> told.pid() == serving.pid())
                      .isPresent());
      assertThat(people.received("/first")).hasSize(1);
    }
  }

  @Test
  void camelsOwnReloadIsRefused() throws Exception {
    try (LocalWorld world = LocalWorld.create(directory)) {
      world.set("camel.main.routes-reload-enabled", "true");
      ChildProcess refused = world.start("serve");
      assertThat(refused.exitCode(PATIENCE)).as(refused.log()).contains(2);
      assertThat(refused.log()).contains("camel.main.routes-reload-enabled", "serve --reload");
      world.set("camel.main.routes-reload-enabled", "false");
      ChildProcess without = world.start("serve", "--reload");
      assertThat(without.exitCode(PATIENCE)).as(without.log()).contains(2);
      assertThat(without.log()).contains("--reload needs caravan.shutdown=hand-over");
    }
  }
}
