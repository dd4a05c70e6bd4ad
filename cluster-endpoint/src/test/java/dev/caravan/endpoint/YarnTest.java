package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.endpoint.yarn.FakeResourceManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches whose master is YARN: the tag, the application's end, the nodes. */
@Tag("slow")
class YarnTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private FakeResourceManager yarn;
  private TestEndpoint endpoint;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    yarn = new FakeResourceManager();
    endpoint =
        TestEndpoint.start(
            directory,
            "endpoint.yarn-rm",
            yarn.address().toString(),
            "endpoint.yarn-min-nodes",
            "2");
    client = endpoint.client();
  }

  @AfterEach
  void stop() {
    endpoint.close();
    yarn.close();
  }

  private String running() {
    String id = client.submit("stay");
    client.awaitState(id, "running");
    yarn.run("application_1_0001", tag(id));
    return id;
  }

  private String tag(String id) {
    return client.get("/batches/" + id).json().path("tag").asText();
  }

  @Test
  void theTagIsForcedAndFindsTheApplication() throws Exception {
    String id = running();

    // Running is told once the process is there, which may not have written anything yet.
    await().atMost(PATIENCE).until(() -> !endpoint.submit().starts().isEmpty());
    assertThat(endpoint.submit().starts().get(0)).contains("spark.yarn.tags=" + tag(id));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                client
                    .get("/batches/" + id)
                    .json()
                    .path("appId")
                    .asText()
                    .equals("application_1_0001"));
    assertThat(client.get("/batches/" + id).json().path("appInfo").path("sparkUiUrl").asText())
        .isEqualTo(yarn.address() + "/proxy/application_1_0001/");
  }

  @Test
  void deleteEndsTheApplicationToo() {
    String id = running();
    yarn.run("application_1_0002", "somebody-elses");

    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");
    assertThat(yarn.kills()).containsExactly("application_1_0001");
  }

  @Test
  void aDriverThatFailedLeavesNoApplication() throws Exception {
    Path go = directory.resolve("go");
    String id = client.submit("await " + go, "exit 7");
    yarn.run("application_1_0001", tag(id));
    Files.createFile(go);

    client.awaitState(id, "dead");
    assertThat(yarn.kills()).containsExactly("application_1_0001");
  }

  @Test
  void deleteSaysIfTheApplicationCouldNotBeEndedAndCanBeAskedAgain() {
    String id = running();
    yarn.broken(true);

    Reply reply = client.delete("/batches/" + id);
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.message()).contains("the end of its YARN application could not be confirmed");
    assertThat(client.state(id)).isEqualTo("killed");
    assertThat(client.log(id))
        .last()
        .asString()
        .contains("the end of its YARN application could not be confirmed");

    yarn.broken(false);
    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");
    assertThat(yarn.kills()).contains("application_1_0001");
  }

  @Test
  void anApplicationThatOutlivedItsBatchIsEndedWithoutBeingAskedAgain() {
    String id = running();
    yarn.broken(true);
    assertThat(client.delete("/batches/" + id).status()).isEqualTo(500);
    assertThat(yarn.kills()).isEmpty();

    yarn.broken(false);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(directory.resolve("data/batches/000001/outcome.json"))
                    .content()
                    .doesNotContain("leftover"));
    assertThat(yarn.kills()).containsExactly("application_1_0001");
    endpoint.close();
  }

  @Test
  void pollsDontFeelABrokenYarn() {
    yarn.broken(true);
    String id = client.submit("exit 0");

    client.awaitState(id, "success");
    assertThat(client.get("/batches/" + id + "/log").status()).isEqualTo(200);
  }

  @Test
  void readyOnlyWithEnoughNodes() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.get("/health").message().contains("YARN has 1 active nodes, 2 are needed"));
    assertThat(client.get("/health").status()).isEqualTo(503);

    yarn.nodes(2);
    await().atMost(PATIENCE).until(() -> client.get("/health").status() == 200);
    assertThat(client.get("/health").response().body()).isEqualTo("{\"ready\":true}");

    yarn.broken(true);
    await().atMost(PATIENCE).until(() -> client.get("/health").status() == 503);
    assertThat(client.get("/health").message()).contains("YARN doesn't answer", "500");
  }
}
