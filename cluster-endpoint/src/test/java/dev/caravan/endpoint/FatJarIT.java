package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as a process of its own. */
class FatJarIT {
  private static final Pattern READY = Pattern.compile("Ready: listening on [^ ]+:(\\d+)\\.");

  @TempDir Path directory;
  private FakeSubmit submit;
  private Process process;

  @BeforeEach
  void prepare() throws Exception {
    submit = new FakeSubmit(directory);
  }

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

  @Test
  void killedWithBatchesRunningItsSuccessorLosesNoneAndStartsNoneTwice() throws Exception {
    Client client = start(Map.of("endpoint.on-stop", "leave"));
    Path go = directory.resolve("go");
    String[] steps = {"print before", "await " + go, "print after", "exit 3"};
    Reply first = client.post(Client.body(steps), "Idempotency-Key", "run/job/2026-11-01/1");
    String second = client.submit("sleep 300");
    String waiting = client.submit("exit 0");
    client.awaitState(first.id(), "running");
    client.awaitState(second, "running");

    process.destroyForcibly().waitFor();
    client = start(Map.of("endpoint.on-stop", "kill"));

    assertThat(client.state(first.id())).isEqualTo("running");
    assertThat(client.state(second)).isEqualTo("running");
    assertThat(client.state(waiting)).isEqualTo("starting");
    assertThat(
            client
                .post(Client.body(steps), "Idempotency-Key", "run/job/2026-11-01/1")
                .header("Idempotent-Replay"))
        .isEqualTo("true");
    Files.createFile(go);
    client.awaitState(first.id(), "dead");
    client.awaitState(waiting, "success");
    assertThat(client.get("/batches/" + first.id()).json().path("exitCode").asInt()).isEqualTo(3);
    assertThat(client.log(first.id())).contains("before", "after");
    assertThat(client.delete("/batches/" + second).message()).isEqualTo("deleted");
    assertThat(submit.starts()).hasSize(3);
    assertThat(client.submit("exit 0")).isEqualTo("4");
  }

  @Test
  void killedWhileItShipsItsSuccessorCompletesTheLog() throws Exception {
    try (FakeS3 s3 = new FakeS3()) {
      Map<String, String> settings = new TreeMap<>(Map.of("endpoint.on-stop", "leave"));
      String[] shipping = s3.settings(directory);
      for (int i = 0; i < shipping.length; i += 2) {
        settings.put(shipping[i], shipping[i + 1]);
      }
      Client client = start(settings);
      Path go = directory.resolve("go");
      String id = client.submit("line 5000000", "await " + go, "print end");
      String address = client.get("/batches/" + id).json().path("logAddress").asText();
      String firstChunk = FakeS3.path(address) + "stdout/000000000000";
      await().atMost(Duration.ofSeconds(20)).until(() -> s3.puts().contains(firstChunk));

      s3.hang();
      process.destroyForcibly().waitFor();
      s3.release();
      Files.createFile(go);
      client = start(settings);

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> s3.manifest(address).path("complete").asBoolean());
      assertThat(s3.stream(address, "stdout")).hasSize(5_000_000 + "end\n".length());
      assertThat(client.get("/batches/" + id).json().path("logAddress").asText())
          .isEqualTo(address);
    }
  }

  @Test
  void badSettingsEndTheProcessWithOneSentence() throws Exception {
    Process refused =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-jar",
                "target/caravan-cluster-endpoint.jar",
                "--endpoint.prot=1",
                "--endpoint.data-dir=/x",
                "--endpoint.allowed-files=/x")
            .redirectErrorStream(true)
            .start();
    String said = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(refused.waitFor()).isEqualTo(2);
    assertThat(said.strip())
        .isEqualTo(
            "caravan-cluster-endpoint: The setting endpoint.prot is unknown; the nearest known one is endpoint.port.");
  }

  private Client start(Map<String, String> more) throws Exception {
    Map<String, String> settings = TestEndpoint.settings(directory, submit);
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
