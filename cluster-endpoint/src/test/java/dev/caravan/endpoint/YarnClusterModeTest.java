package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.endpoint.yarn.FakeResourceManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deploy mode cluster: the driver is YARN's, and may outlive its spark-submit. */
@Tag("slow")
class YarnClusterModeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String APPLICATION = "application_1_0001";

  @TempDir Path directory;
  private FakeResourceManager yarn;
  private TestEndpoint endpoint;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    yarn = new FakeResourceManager();
    start("endpoint.on-stop", "kill");
  }

  private void start(String... more) throws Exception {
    List<String> settings = new ArrayList<>(List.of("endpoint.deploy-mode", "cluster"));
    settings.addAll(List.of("endpoint.yarn-rm", yarn.address().toString()));
    settings.addAll(List.of(more));
    endpoint = TestEndpoint.start(directory, settings.toArray(String[]::new));
    client = endpoint.client();
  }

  @AfterEach
  void stop() {
    endpoint.close();
    yarn.close();
  }

  /** A batch whose application runs and whose spark-submit ends so. */
  private String orphaned(String end) throws Exception {
    Path go = directory.resolve("go");
    String id = client.submit("await " + go, end);
    yarn.run(APPLICATION, client.get("/batches/" + id).json().path("tag").asText());
    Files.createFile(go);
    return id;
  }

  /** Its spark-submit is gone, and this is what YARN says of its application. */
  private void awaitWatch(String id, String sight) {
    await(sight)
        .atMost(PATIENCE)
        .until(() -> batch(id).path("applicationWatch").asText().equals(sight));
  }

  private JsonNode batch(String id) {
    return client.get("/batches/" + id).json();
  }

  @Test
  void sparkSubmitWaitsForTheApplicationSoThatItsExitCodeTells() throws Exception {
    String good = client.submit("exit 0");
    String bad = client.submit("exit 1");

    client.awaitState(good, "success");
    client.awaitState(bad, "dead"); // no application of its tag: it never got as far as YARN
    assertThat(batch(bad).path("reason").asText()).isEqualTo("it ended with exit code 1");
    assertThat(endpoint.submit().starts())
        .allMatch(start -> start.contains("--deploy-mode cluster"))
        .allMatch(start -> start.contains("spark.yarn.submit.waitAppCompletion=true"));
  }

  @ParameterizedTest
  @CsvSource({
    "exit 1, SUCCEEDED, success, exit code 1",
    "exit 137, FAILED, dead, exit code 137",
    "suicide, SUCCEEDED, success, left no exit code",
    "exit 1, KILLED, dead, exit code 1"
  })
  void anApplicationThatOutlivesItsSparkSubmitIsWatchedToItsEnd(
      String end, String finalStatus, String state, String said) throws Exception {
    String id = orphaned(end);
    awaitWatch(id, "RUNNING");
    assertThat(client.state(id)).isEqualTo("running");
    assertThat(batch(id).path("appId").asText()).isEqualTo(APPLICATION);

    yarn.finish(APPLICATION, finalStatus);

    client.awaitState(id, state);
    assertThat(batch(id).has("applicationWatch")).as("it is over").isFalse();
    assertThat(batch(id).path("reason").asText())
        .contains("YARN says " + finalStatus + " of its application " + APPLICATION, said);
    assertThat(yarn.kills()).isEmpty();
  }

  @Test
  void oneWhoseYarnDoesNotAnswerIsNotDeclaredDead() throws Exception {
    String id = orphaned("exit 1");
    awaitWatch(id, "RUNNING");
    yarn.broken(true);
    awaitWatch(id, "UNKNOWN");
    assertThat(client.state(id)).isEqualTo("running");

    yarn.broken(false);
    yarn.finish(APPLICATION, "SUCCEEDED");

    client.awaitState(id, "success");
  }

  @Test
  void deleteEndsAnApplicationWhoseSparkSubmitIsGone() throws Exception {
    String id = orphaned("suicide");
    awaitWatch(id, "RUNNING");

    assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");

    assertThat(TestEndpoint.recordedState(directory, id)).isEqualTo("killed");
    assertThat(yarn.kills()).containsExactly(APPLICATION);
  }

  @Test
  void theTimeLimitEndsAnApplicationWhoseSparkSubmitIsGone() throws Exception {
    endpoint.close();
    start("endpoint.batch-timeout", "2s");
    String id = orphaned("exit 1");

    client.awaitState(id, "killed");
    assertThat(yarn.kills()).containsExactly(APPLICATION);
    assertThat(batch(id).path("reason").asText()).contains("time limit of PT2S");
  }

  @Test
  void aRestartGoesOnWatching() throws Exception {
    endpoint.close();
    start("endpoint.on-stop", "leave");
    String id = orphaned("exit 1");
    awaitWatch(id, "RUNNING");

    endpoint.close();
    start("endpoint.on-stop", "kill");

    assertThat(client.state(id)).isEqualTo("running");
    yarn.finish(APPLICATION, "SUCCEEDED");
    client.awaitState(id, "success");
  }
}
