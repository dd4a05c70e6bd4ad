package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that ended at any point, and its successor on the same directory. */
@Tag("slow")
class RestartTest {
  private static final String REQUEST =
      """
      {"id":%d,"tag":"caravan-%d-test","owner":"anybody","key":"key-%d","bodyHash":"x",
       "acceptedAt":"2026-11-01T00:00:00Z","words":["%s","s3a://code/job.jar","exit 0"]}
      """;

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

  private Client restart(String... settings) throws Exception {
    endpoint.close();
    return start(settings);
  }

  private Path batch(int id) {
    return directory.resolve("data/batches/00000" + id);
  }

  private void accepted(int id) throws Exception {
    Files.createDirectories(batch(id));
    Files.writeString(
        batch(id).resolve("request.json"),
        REQUEST.formatted(id, id, id, new FakeSubmit(directory).path()));
  }

  @Test
  void runningBatchesAreTakenUpAgainAndFinishedOnesStayAsTheyWere() throws Exception {
    Client client = start("endpoint.on-stop", "leave");
    Path go = directory.resolve("go");
    String finished =
        client.post(Client.body("print done", "exit 7"), "Idempotency-Key", "finished").id();
    String going =
        client
            .post(
                Client.body("print before", "await " + go, "print after", "exit 3"),
                "Idempotency-Key",
                "going")
            .id();
    client.awaitState(finished, "dead");
    client.awaitState(going, "running");
    String before = client.get("/batches/" + finished).response().body();

    client = restart();

    assertThat(client.state(going)).isEqualTo("running");
    assertThat(client.get("/batches/" + finished).response().body()).isEqualTo(before);
    assertThat(
            client
                .post(
                    Client.body("print before", "await " + go, "print after", "exit 3"),
                    "Idempotency-Key",
                    "going")
                .id())
        .isEqualTo(going);
    Files.createFile(go);
    client.awaitState(going, "dead");
    assertThat(client.get("/batches/" + going).json().path("exitCode").asInt()).isEqualTo(3);
    assertThat(client.log(going)).contains("before", "after");
    assertThat(endpoint.submit().starts()).hasSize(2);
    assertThat(client.submit("exit 0")).isEqualTo("3");
  }

  @Test
  void whatEndedMeanwhileIsKnown() throws Exception {
    Client client = start("endpoint.on-stop", "leave");
    Path go = directory.resolve("go");
    String good = client.submit("await " + go, "exit 0");
    String lost = client.submit("await " + go, "suicide");
    client.awaitState(good, "running");
    client.awaitState(lost, "running");
    endpoint.close();
    Files.createFile(go);

    client = start();

    client.awaitState(good, "success");
    client.awaitState(lost, "dead");
  }

  @Test
  void aRunningOneIsFoundAgainWhenTheDirectoryHasAnotherName() throws Exception {
    Path go = directory.resolve("go");
    Client client = start("endpoint.on-stop", "leave");
    String id = client.submit("await " + go, "exit 3");
    client.awaitState(id, "running");
    endpoint.close();
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("data"));

    client = start("endpoint.data-dir", link.toString());
    String next = client.submit("exit 0");
    client.awaitState(next, "success");

    assertThat(client.state(id)).isEqualTo("running");
    Files.createFile(go);
    client.awaitState(id, "dead");
    assertThat(client.get("/batches/" + id).json().path("exitCode").asInt()).isEqualTo(3);
  }

  @Test
  void aRunningOneCanBeDeletedAfterARestart() throws Exception {
    Client client = start("endpoint.on-stop", "leave");
    String id = client.submit("stay");
    client.awaitState(id, "running");

    client = restart();

    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");
    assertThat(TestEndpoint.recordedState(directory, id)).isEqualTo("killed");
  }

  @Test
  void whatWasDeletedStaysSoAndItsRecordLogAndKeyAreKept() throws Exception {
    Client client = start();
    String named = "{\"file\":\"s3a://code/job.jar\",\"name\":\"daily\",\"args\":[\"%s\"]}";
    String first = client.post(named.formatted("exit 0")).id();
    client.awaitState(first, "success");
    String body = named.formatted("print hello");
    String second = client.post(body, "Idempotency-Key", "day/1").id();
    client.awaitState(second, "success");
    assertThat(client.delete("/batches/daily").message()).isEqualTo("deleted");

    assertHidden(client, first, second);
    client = restart();
    assertHidden(client, first, second);
    Reply again = client.post(body, "Idempotency-Key", "day/1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(again.id()).isEqualTo(second);
    assertThat(again.json().path("state").asText()).isEqualTo("success");
    assertThat(again.json().path("log").toString()).contains("hello");
    assertThat(client.post(named.formatted("x"), "Idempotency-Key", "day/1").status())
        .isEqualTo(409);
    assertThat(client.post(named.formatted("exit 0")).id()).isEqualTo("3");
    assertThat(Files.readString(directory.resolve("data/audit.log")))
        .contains("delete batch " + second);
  }

  private static void assertHidden(Client client, String first, String second) {
    for (String path : List.of("", "/state", "/log")) {
      assertThat(client.get("/batches/" + second + path).response().body())
          .isEqualTo("{\"msg\":\"Session '" + second + "' not found.\"}");
    }
    assertThat(client.delete("/batches/" + second).status()).isEqualTo(404);
    assertThat(client.get("/batches").json().path("total").asInt()).isEqualTo(1);
    assertThat(client.get("/batches").json().findValuesAsText("id")).containsExactly(first);
    assertThat(client.get("/batches/daily").id()).isEqualTo(first);
  }

  /** The index of finished batches saves reading their directories; these remain the truth. */
  @Test
  void finishedBatchesAreKnownWithAndWithoutTheirIndexAndWithABrokenOne() throws Exception {
    Client client = start();
    String good = client.post(Client.body("exit 0"), "Idempotency-Key", "good").id();
    client.awaitState(good, "success");
    String bad = client.submit("exit 7");
    client.awaitState(bad, "dead");
    String hidden = client.submit("exit 0");
    client.awaitState(hidden, "success");
    client.delete("/batches/" + hidden);
    List<String> before = List.of(shown(client, good), shown(client, bad), shown(client, hidden));
    endpoint.close();
    Path index = directory.resolve("data/batches/finished");
    String whole = Files.readString(index);
    assertThat(whole.lines().filter(line -> !line.isEmpty())).hasSize(4); // one was deleted, too

    Path record = batch(1).resolve("request.json");
    Files.move(record, batch(1).resolve("aside")); // nobody reads it
    client = start();
    assertThat(List.of(shown(client, good), shown(client, bad), shown(client, hidden)))
        .isEqualTo(before);
    assertThat(
            client
                .post(Client.body("exit 0"), "Idempotency-Key", "good")
                .header("Idempotent-Replay"))
        .isEqualTo("true");
    endpoint.close();
    Files.move(batch(1).resolve("aside"), record);

    for (String broken :
        List.of(
            "",
            "\0\0\0\n{\"record\":{\"id\":1}}\n[1,\"caravan-1",
            whole.replace(",false]", "]").replace(",true]", ",true,1]"),
            "\u00ff\n" + whole)) {
      Files.writeString(index, broken, StandardCharsets.ISO_8859_1);
      client = start();
      assertThat(List.of(shown(client, good), shown(client, bad), shown(client, hidden)))
          .isEqualTo(before);
      endpoint.close();
      assertThat(Files.readString(index, StandardCharsets.ISO_8859_1)).contains(",true]\n");
    }
    Files.delete(index);
    client = start();
    assertThat(List.of(shown(client, good), shown(client, bad), shown(client, hidden)))
        .isEqualTo(before);
    assertThat(client.submit("exit 0")).isEqualTo("4");
  }

  private static String shown(Client client, String id) {
    return client.get("/batches/" + id).response().body();
  }

  @Test
  void whatIsNoBatchAmongTheBatchesIsPassedOver() throws Exception {
    accepted(1);
    Files.createDirectories(directory.resolve("data/batches/000001.bak"));
    Files.createDirectories(directory.resolve("data/batches/99999999999999999999"));

    Client client = start();

    client.awaitState("1", "success");
    assertThat(client.submit("exit 0")).isEqualTo("2");
  }

  @Test
  void aKillThatWasAskedForIsCarriedOut() throws Exception {
    Client client = start("endpoint.on-stop", "leave");
    String id = client.submit("stay");
    client.awaitState(id, "running");
    endpoint.close();
    Files.writeString(batch(1).resolve("kill"), "it was deleted by 'somebody'");

    client = start();

    client.awaitState(id, "killed");
  }

  @Test
  void recordedAndNeverLaunchedIsStillWaiting() throws Exception {
    accepted(1);

    Client client = start();

    client.awaitState("1", "success");
    assertThat(endpoint.submit().starts()).hasSize(1);
  }

  @Test
  void launchedWithoutATraceNeverRunsAndSaysSo() throws Exception {
    accepted(1);
    Files.writeString(batch(1).resolve("launch"), "2026-11-01T00:00:01Z");

    Client client = start();

    client.awaitState("1", "error");
    assertThat(client.log("1").get(3)).contains("never ran");
    assertThat(endpoint.submit().starts()).isEmpty();
    // A script that was on its way finds its place taken.
    Path script = directory.resolve("data/scripts/run-batch.sh");
    Process late =
        new ProcessBuilder(
                "/bin/sh",
                script.toString(),
                batch(1).toString(),
                endpoint.submit().path().toString())
            .start();
    assertThat(late.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(late.exitValue()).isEqualTo(75);
    assertThat(endpoint.submit().starts()).isEmpty();
  }

  @Test
  void anIdWhoseRecordIsTornIsNotGivenAgain() throws Exception {
    Files.createDirectories(batch(4));
    Files.writeString(batch(4).resolve("request.json.new"), "{\"id\":4,");

    Client client = start();

    assertThat(client.get("/batches/4").status()).isEqualTo(404);
    assertThat(client.submit("exit 0")).isEqualTo("5");
  }

  @Test
  void aProcessIdThatNowBelongsToSomebodyElseIsNotTouched() throws Exception {
    Process bystander = new ProcessBuilder("setsid", "sleep", "60").start();
    try {
      accepted(1);
      Files.writeString(batch(1).resolve("launch"), "2026-11-01T00:00:01Z");
      Files.writeString(batch(1).resolve("pid"), Long.toString(bystander.pid()));

      Client client = start();

      client.awaitState("1", "dead");
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void batchesEndWithTheEndpointIfItIsToldSo() throws Exception {
    Client client = start("endpoint.on-stop", "kill");
    String id = client.submit("print armed", "stay");
    Client armed = client;
    await().atMost(Duration.ofSeconds(10)).until(() -> armed.log(id).contains("armed"));

    client = restart();

    assertThat(client.state(id)).isEqualTo("killed");
    assertThat(endpoint.submit().starts()).hasSize(1);
  }

  @Test
  void oldBatchesAreForgottenAndTheirIdsNeverComeBack() throws Exception {
    Client client = start("endpoint.keep-finished", "1s");
    String id = client.post(Client.body("exit 0"), "Idempotency-Key", "old").id();
    client.awaitState(id, "success");
    Client polled = client;
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> polled.get("/batches/" + id).status() == 404);
    // The files go after the batch does.
    await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(batch(1)));

    client = restart();

    assertThat(client.get("/batches").json().path("total").asInt()).isZero();
    assertThat(client.submit("exit 0")).isEqualTo("2");
  }
}
