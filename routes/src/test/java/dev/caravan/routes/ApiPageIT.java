package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.s3.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of docs/api.md as they stand there, to the packaged server. */
class ApiPageIT {
  private static final Path PAGE = Path.of("../docs/api.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final Path S3_HOME = Path.of("..", "local-cloud", "s3", "target", "s3");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void everyCallIsAnsweredAsThePageSays() throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    assertThat(block.find()).isTrue();
    try (S3Server s3 = S3Server.start(S3_HOME, directory.resolve("s3"));
        LocalWorld world =
            LocalWorld.create(
                directory, s3.access(), Map.of("endpoint.logs-to", "s3://lake/logs"))) {
      s3.createBucket("lake");
      world.schedule("cron", "30 3 * * *");
      world.start("serve");
      await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));

      Path log = directory.resolve("curl.log");
      ProcessBuilder builder =
          new ProcessBuilder("sh", "-c", block.group(1))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(Map.of("PIPELINE", LocalWorld.PIPELINE, "DATE", "2026-01-02"));
      Process client = builder.start();
      boolean ended = client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      client.destroyForcibly();

      assertThat(log).content().endsWith("a form: 415\ndone\n");
      assertThat(ended).isTrue();
      assertThat(client.exitValue()).isZero();
      assertThat(block.find()).as("another block, which nobody runs").isFalse();
    }
  }
}
