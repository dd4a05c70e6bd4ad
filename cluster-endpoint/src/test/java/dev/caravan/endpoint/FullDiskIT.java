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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged endpoint on a small disk of its own, which its batches fill: a tmpfs in a mount
 * namespace that ends with the process. Mounting takes no privilege there, only a kernel that lets
 * users have namespaces; where it doesn't, these tests fail and say so.
 */
class FullDiskIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private Process process;

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void nothingThatRunsIsLostAndTheDiskIsNamed() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path go = directory.resolve("go");
    Client client =
        start(
            data,
            Map.of(
                "endpoint.max-running", "3",
                "endpoint.min-free", "256k",
                "endpoint.keep-finished", "1h"));
    String good = client.submit("print before", "await " + go, "print after", "exit 0");
    String bad = client.submit("await " + go, "exit 7");
    String told = client.submit("stay");
    String body = Client.body("print waits");
    String waiting = client.post(body, "Idempotency-Key", "waiting").id();
    for (String id : List.of(good, bad, told)) {
      client.awaitState(id, "running");
    }
    awaitHealth(client, 200);

    fill(data);
    awaitHealth(client, 503);

    assertThat(client.get("/health").message()).contains("disk of endpoint.data-dir=" + data);
    Reply refused = client.post(Client.body("exit 0"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.message())
        .startsWith("Rejected, Reason: The disk of endpoint.data-dir=" + data)
        .contains("0 MiB left", "endpoint.min-free");
    assertThat(refused.header("Retry-After")).isEqualTo("60");
    assertThat(client.post(body, "Idempotency-Key", "waiting").header("Idempotent-Replay"))
        .isEqualTo("true");
    Reply lease = client.send("PUT", "/lease", "{\"run\":\"r\",\"ttlSeconds\":60}");
    assertThat(lease.status()).isEqualTo(200);
    assertThat(client.get("/lease").json().path("lapsed").asBoolean(true)).isFalse();
    assertThat(client.delete("/batches/" + told).message()).isEqualTo("deleted");

    Files.createFile(go);
    client.awaitState(good, "success");
    client.awaitState(bad, "dead");
    assertThat(client.get("/batches/" + bad).json().path("exitCode").asInt()).isEqualTo(7);
    client.awaitState(waiting, "error"); // its turn came while there was no room
    assertThat(client.get("/batches/" + waiting).json().path("reason").asText())
        .contains("could not be started", "No space left");
    for (String path : List.of("/batches", "/batches/1", "/batches/1/state", "/batches/1/log")) {
      assertThat(client.get(path).status()).isEqualTo(200);
    }

    empty(data);
    awaitHealth(client, 200);
    client.awaitState(client.submit("exit 0"), "success");
    List<String> ends = List.of(good, bad, told, waiting);
    assertThat(ends.stream().map(id -> recorded(data, id)))
        .containsExactly("SUCCESS", "DEAD", "KILLED", "ERROR");
    assertThat(Files.readString(directory.resolve("endpoint.log"))).doesNotContain("\tat ");
  }

  private String recorded(Path data, String id) {
    try {
      return Files.readString(inNamespace(data.resolve("batches/00000" + id + "/outcome.json")))
          .replaceAll("(?s).*\"state\":\"([A-Z]+)\".*", "$1");
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void aFullDiskDoesNotKeepTheEndpointFromStartingAndForgetting() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    Path script = directory.resolve("restarts");
    // Two endpoints after each other on one disk: the namespace lives as long as this shell.
    Files.writeString(
        script,
        """
        "$@" & first=$!
        while [ ! -e @DATA@/full ]; do sleep 0.05; done
        kill -9 $first; wait $first
        exec "$@" --endpoint.keep-finished=1s
        """
            .replace("@DATA@", data.toString()));
    Path go = directory.resolve("go");
    Client client =
        start(data, Map.of("endpoint.min-free", "64k"), List.of("/bin/sh", script.toString()));
    String finished = client.submit("print 1", "exit 0");
    client.awaitState(finished, "success");
    String going = client.submit("await " + go, "exit 3");
    client.awaitState(going, "running");
    long first = ReadySignal.read(readyFile()).orElseThrow().pid();
    fill(data);

    Client second =
        new Client(
            await("a second endpoint")
                .atMost(PATIENCE)
                .until(
                    () -> ReadySignal.read(readyFile()),
                    ready -> ready.filter(signal -> signal.pid() != first).isPresent())
                .orElseThrow()
                .port());

    assertThat(second.state(going)).isEqualTo("running");
    await().atMost(PATIENCE).until(() -> second.get("/batches/" + finished).status() == 404);
    Files.createFile(go);
    await().atMost(PATIENCE).until(() -> !second.state(going).equals("running"));
    assertThat(second.state(going)).isEqualTo("dead");
    assertThat(second.get("/batches/" + going).json().path("exitCode").asInt()).isEqualTo(3);
  }

  private void awaitHealth(Client client, int status) {
    await("health " + status)
        .atMost(PATIENCE)
        .until(() -> client.get("/health").status(), seen -> seen == status);
  }

  private Path readyFile() {
    return directory.resolve("ready.json"); // not on the small disk
  }

  /** Where this process sees a file of the endpoint's namespace. */
  private Path inNamespace(Path file) {
    return Path.of("/proc/" + process.pid() + "/root" + file);
  }

  private void fill(Path data) throws Exception {
    Path file = inNamespace(data.resolve("filler"));
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (java.io.IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    Files.createSymbolicLink(inNamespace(data.resolve("full")), Path.of("filler"));
  }

  private void empty(Path data) throws Exception {
    Files.delete(inNamespace(data.resolve("filler")));
  }

  private Client start(Path data, Map<String, String> more) throws Exception {
    return start(data, more, List.of());
  }

  private Client start(Path data, Map<String, String> more, List<String> through) throws Exception {
    Map<String, String> settings = TestEndpoint.settings(directory, new FakeSubmit(directory));
    settings.putAll(more);
    settings.put("endpoint.ready-file", readyFile().toString());
    List<String> words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "/bin/sh",
                "-c",
                "mount -t tmpfs -o size=2m disk \"$1\" && shift && exec \"$@\"",
                "sh",
                data.toString()));
    words.addAll(through);
    words.add(Path.of("target/caravan-endpoint").toAbsolutePath().toString());
    settings.forEach((key, value) -> words.add("--" + key + "=" + value));
    Path log = directory.resolve("endpoint.log");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .put("CARAVAN_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    process = builder.start();
    return new Client(ReadySignal.await(process, readyFile()).port());
  }
}
