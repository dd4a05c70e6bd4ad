package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a spark-submit does, its batch has a defined end, and nothing of it is left. */
@Tag("slow")
class BatchEndsTest {
  @TempDir Path directory;
  private TestEndpoint endpoint;

  @AfterEach
  void stop() {
    if (endpoint != null) {
      endpoint.close();
    }
  }

  private Client start(String... settings) throws Exception {
    endpoint = TestEndpoint.start(directory, settings);
    return endpoint.client();
  }

  @Test
  void itMayPrintMoreThanIsKept() throws Exception {
    Client client = start("endpoint.max-log", "64k");
    Path go = directory.resolve("go");
    String id = client.submit("print first", "lines 100000", "await " + go, "lines 9", "exit 7");
    String note =
        "caravan: stdout has reached 65536 bytes (endpoint.max-log); what is printed beyond them is"
            + " not kept, the batch goes on";
    await().atMost(Duration.ofSeconds(10)).until(() -> client.log(id).contains(note));
    int total = client.log(id).size();
    assertThat(client.state(id)).isEqualTo("running");
    Files.createFile(go);

    client.awaitState(id, "dead");
    assertThat(client.get("/batches/" + id).json().path("exitCode").asInt()).isEqualTo(7);
    List<String> log = client.log(id);
    assertThat(log).contains("first").endsWith(note).hasSizeBetween(total, total + 1);
    assertThat(directory.resolve("data/batches/000001/stdout")).hasSize(65536);
  }

  @Test
  void oneThatIgnoresTermIsKilled() throws Exception {
    Client client = start();
    String id = client.submit("ignore-term", "print armed", "stay", "stay");
    await().atMost(Duration.ofSeconds(10)).until(() -> client.log(id).contains("armed"));

    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");
    assertThat(TestEndpoint.recordedState(directory, id)).isEqualTo("killed");
    assertThat(survivors(id)).isEmpty();
  }

  @Test
  void childrenLeftBehindEndWithTheBatchAndDontHoldItUp() throws Exception {
    Client client = start();
    String id = client.submit("fork", "escape", "exit 0");

    client.awaitState(id, "success");
    assertThat(survivors(id)).isEmpty();
  }

  @Test
  void deleteReachesAChildInASessionOfItsOwn() throws Exception {
    Client client = start();
    String id = client.submit("escape", "print away", "stay");
    await().atMost(Duration.ofSeconds(10)).until(() -> client.log(id).contains("away"));

    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");
    assertThat(survivors(id)).isEmpty();
  }

  @Test
  void aTimeLimitEndsIt() throws Exception {
    Client client = start("endpoint.batch-timeout", "300ms");
    String id = client.submit("stay");

    client.awaitState(id, "killed");
    assertThat(client.get("/batches/" + id).json().path("reason").asText())
        .contains("time limit of PT0.3S");
  }

  @Test
  void aMissingProgramIsAnErrorAndNotAProcess() throws Exception {
    Client client = start("endpoint.spark-submit", directory.resolve("nothing").toString());
    String id = client.submit("exit 0");

    client.awaitState(id, "error");
    assertThat(client.log(id).get(3))
        .contains("could not be started")
        .contains(directory.resolve("nothing").toString());
  }

  @Test
  void aProgramThatMayNotBeExecutedIsAnError() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    Client client = start("endpoint.spark-submit", plain.toString());
    String id = client.submit("exit 0");

    client.awaitState(id, "error");
  }

  @Test
  void aProgramWithoutInterpreterIsDeadWithTheShellsCode() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken"), "#!/does/not/exist\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    Client client = start("endpoint.spark-submit", broken.toString());
    String id = client.submit("exit 0");

    client.awaitState(id, "dead");
    assertThat(client.get("/batches/" + id).json().path("exitCode").asInt()).isIn(126, 127);
  }

  @Test
  void oneThatVanishesWithItsGroupIsDead() throws Exception {
    Client client = start();
    String id = client.submit("suicide");

    client.awaitState(id, "dead");
    assertThat(client.get("/batches/" + id).json().path("exitCode").isNull()).isTrue();
    assertThat(client.log(id).get(3)).contains("vanished");
  }

  @Test
  void aSignalIsNamed() throws Exception {
    Client client = start();
    String id = client.submit("exit 143");

    client.awaitState(id, "dead");
    assertThat(client.log(id).get(3)).isEqualTo("caravan: it ended with exit code 143 (signal 15)");
  }

  @Test
  void aHundredMegabytesInOneLineAreCutInAnswersOnly() throws Exception {
    Client client = start();
    String id = client.submit("print first", "line 104857600", "print ", "print last");

    client.awaitState(id, "success");
    List<String> log = client.log(id);
    assertThat(log.get(5)).isEqualTo("first");
    assertThat(log.get(6))
        .startsWith("xxxx")
        .endsWith("[cut: this line is 104857600 bytes long]")
        .hasSizeLessThan(20_000);
    assertThat(log.get(7)).isEqualTo("last");
    assertThat(Files.size(directory.resolve("data/batches/000001/stdout")))
        .isGreaterThan(104857600);
  }

  @Test
  void onlySoManyRunAndSoManyWait() throws Exception {
    Client client = start("endpoint.max-running", "2", "endpoint.max-queued", "1");
    Path go = directory.resolve("go");
    String first = client.submit("await " + go);
    String second = client.submit("print armed", "await " + go);
    String third = client.submit("exit 0");
    await().atMost(Duration.ofSeconds(10)).until(() -> client.log(second).contains("armed"));

    Reply refused = client.post(Client.body("exit 0"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("too many batches");
    assertThat(client.state(third)).isEqualTo("starting");
    assertThat(endpoint.submit().starts()).hasSizeLessThanOrEqualTo(2);

    Files.createFile(go);
    client.awaitState(first, "success");
    client.awaitState(third, "success");
  }

  @Test
  void oneThatWaitsIsDeletedWithoutEverRunning() throws Exception {
    Client client = start("endpoint.max-running", "1");
    String first = client.submit("print armed", "stay");
    String second = client.submit("print never");
    await().atMost(Duration.ofSeconds(10)).until(() -> client.log(first).contains("armed"));

    assertThat(client.delete("/batches/" + second).message()).isEqualTo("deleted");
    assertThat(TestEndpoint.recordedState(directory, second)).isEqualTo("killed");
    assertThat(client.delete("/batches/" + first).message()).isEqualTo("deleted");
    assertThat(client.submit("exit 0")).isEqualTo("3");
    client.awaitState("3", "success");
    assertThat(endpoint.submit().starts()).hasSize(2).noneMatch(start -> start.contains("never"));
  }

  @Test
  void fiftyDroppedAnswersAreOneProcess() throws Exception {
    Client client = start();
    String body = Client.body("print once", "exit 0");
    byte[] request =
        ("POST /batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: lost\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 50; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
        socket.getOutputStream().write(request);
        if (i % 2 == 0) {
          socket.setSoLinger(true, 0); // the next line resets the connection, and takes no answer
        }
      }
    }

    Reply heard = client.post(body, "Idempotency-Key", "lost");
    assertThat(heard.status()).isEqualTo(201);
    client.awaitState(heard.id(), "success");
    Reply again = client.post(body, "Idempotency-Key", "lost");
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(again.id()).isEqualTo(heard.id());
    assertThat(client.get("/batches").json().path("total").asInt()).isEqualTo(1);
    assertThat(endpoint.submit().starts()).hasSize(1);
  }

  @Test
  void fiftyCallersAtOnceWithOneKeyAreOneProcess() throws Exception {
    Client client = start();
    ExecutorService callers = Executors.newFixedThreadPool(10);
    try {
      List<Future<String>> ids = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        ids.add(
            callers.submit(
                () -> client.post(Client.body("exit 0"), "Idempotency-Key", "race").id()));
      }
      Set<String> distinct = new HashSet<>();
      for (Future<String> id : ids) {
        distinct.add(id.get(30, TimeUnit.SECONDS));
      }
      assertThat(distinct).hasSize(1);
      client.awaitState(distinct.iterator().next(), "success");
      assertThat(endpoint.submit().starts()).hasSize(1);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void anArgumentTooLongForTheSystemIsAnErrorThatSaysSo() throws Exception {
    Client client = start();
    String id = client.submit("print " + "x".repeat(200_000));

    client.awaitState(id, "error");
    assertThat(client.log(id).get(3)).contains("could not be started", "Argument list too long");
    assertThat(endpoint.submit().starts()).isEmpty();
  }

  @Test
  void argumentsArriveAsTheyWereSent() throws Exception {
    Client client = start();
    String id = client.submit("print two\\nlines  and \\t\\\"quotes\\\" мир", "print -n");

    client.awaitState(id, "success");
    assertThat(client.log(id)).contains("two", "lines  and \t\"quotes\" мир");
  }

  @Test
  void theEnvironmentIsHandedOnWithTheBatchsMark() throws Exception {
    Client client = start();
    String id = client.submit("environment");

    client.awaitState(id, "success");
    assertThat(client.log(id))
        .contains("CARAVAN_BATCH=" + client.get("/batches/" + id).json().path("tag").asText())
        .anyMatch(line -> line.startsWith("PATH="));
  }

  @Test
  void requestTextIsNeverReadByAShell() throws Exception {
    Client client = start();
    String id =
        client.submit(
            "print $(touch " + directory.resolve("pwned") + ") `id` ; rm -rf x && y | z > w");

    client.awaitState(id, "success");
    assertThat(client.log(id))
        .contains("$(touch " + directory.resolve("pwned") + ") `id` ; rm -rf x && y | z > w");
    assertThat(directory.resolve("pwned")).doesNotExist();
  }

  /** Living processes that carry the batch's mark. */
  private List<ProcessHandle> survivors(String id) throws IOException {
    String mark =
        "CARAVAN_BATCH="
            + TestEndpoint.document(directory, id, "request.json").path("tag").asText();
    return ProcessHandle.allProcesses().filter(process -> carries(process, mark)).toList();
  }

  private static boolean carries(ProcessHandle process, String mark) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1)
          .contains(mark);
    } catch (IOException e) {
      return false;
    }
  }
}
