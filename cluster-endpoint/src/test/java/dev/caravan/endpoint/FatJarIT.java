package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as a process of its own. */
class FatJarIT {
  private static final Pattern READY = Pattern.compile("Ready: listening on [^ ]+:(\\d+)\\.");

  @TempDir Path directory;
  private Process process;

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void submitsAndKillsAndStopsOnTerm() throws Exception {
    Client client = start(Map.of());

    String good = client.submit("print hello");
    String long_ = client.submit("sleep 300");
    client.awaitState(good, "success");
    client.awaitState(long_, "running");
    assertThat(client.log(good)).contains("hello");
    assertThat(client.delete("/batches/" + long_).message()).isEqualTo("deleted");
    assertThat(client.state(long_)).isEqualTo("killed");

    process.destroy();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  private Client start(Map<String, String> more) throws Exception {
    Map<String, String> settings = TestEndpoint.settings(directory, new FakeSubmit(directory));
    settings.putAll(more);
    Path log = directory.resolve("endpoint.log");
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx96m",
                "-jar",
                "target/caravan-cluster-endpoint.jar"));
    settings.forEach((key, value) -> words.add("--" + key + "=" + value));
    process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Matcher ready =
        await("readiness line")
            .atMost(Duration.ofSeconds(30))
            .until(() -> READY.matcher(Files.readString(log)), Matcher::find);
    return new Client(Integer.parseInt(ready.group(1)));
  }
}
