package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The protocol's page, row by row and sentence by sentence, over real HTTP against the real server.
 */
class LivyConformanceTest {
  @TempDir static Path directory;
  private static TestEndpoint endpoint;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    endpoint = TestEndpoint.start(directory);
    client = endpoint.client();
  }

  @AfterAll
  static void stop() throws Exception {
    endpoint.close();
  }

  @Test
  void postAnswers201WithTheBatchAndItsLocation() {
    Reply reply = client.post(Client.body("exit 0"));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo("/batches/" + reply.id());
    assertThat(reply.json().path("state").asText()).isIn("starting", "running");
  }

  @Test
  void exitCodeBecomesState() {
    String good = client.submit("exit 0");
    String bad = client.submit("exit 7");

    client.awaitState(good, "success");
    client.awaitState(bad, "dead");
    assertThat(client.get("/batches/" + bad).json().path("exitCode").asInt()).isEqualTo(7);
  }

  @Test
  void deleteEndsTheBatchBeforeItAnswers() {
    String id = client.submit("sleep 300");
    client.awaitState(id, "running");

    Reply reply = client.delete("/batches/" + id);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.message()).isEqualTo("deleted");
    assertThat(client.state(id)).isEqualTo("killed");
  }

  @Test
  void theSameKeyAndBodyAgainStartsNothing() throws Exception {
    Reply first = client.post(Client.body("print once"), "Idempotency-Key", "run/job/2026-11-01/1");
    Reply again = client.post(Client.body("print once"), "Idempotency-Key", "run/job/2026-11-01/1");
    Reply other =
        client.post(Client.body("print twice"), "Idempotency-Key", "run/job/2026-11-01/1");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(409);
    client.awaitState(first.id(), "success");
    assertThat(endpoint.submit().starts())
        .filteredOn(start -> start.endsWith("print once"))
        .hasSize(1);
  }

  @Test
  void whatIsNotThereIs404AsJson() {
    assertThat(client.get("/batches/9999").message()).isEqualTo("Session '9999' not found.");
    assertThat(client.get("/nowhere").status()).isEqualTo(404);
    assertThat(client.get("/nowhere").header("Content-Type")).isEqualTo("application/json");
  }
}
