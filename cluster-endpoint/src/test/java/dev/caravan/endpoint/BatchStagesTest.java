package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The call for the stages of a batch, over HTTP. */
class BatchStagesTest {
  private static final String ID = "application_1700000000000_0007";
  private static final String LOG =
      """
      {"Event":"SparkListenerLogStart","Spark Version":"3.5.5"}
      {"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":3,"Stage Attempt ID":1,"Stage Name":"count at a.py:7","Number of Tasks":8,"Submission Time":1700000001000,"Completion Time":1700000003500,"Failure Reason":"lost"}}
      """;

  @TempDir Path directory;
  private Path logs;
  private TestEndpoint endpoint;

  @BeforeEach
  void start() throws Exception {
    logs = Files.createDirectories(directory.resolve("event-logs"));
    endpoint =
        TestEndpoint.start(
            directory,
            "endpoint.forced-conf.spark.eventLog.enabled",
            "true",
            "endpoint.forced-conf.spark.eventLog.dir",
            "file:" + logs);
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private static JsonNode stages(Client client, String batch) {
    return client.get("/batches/" + batch + "/stages").json();
  }

  @Test
  void stagesAreToldOnceTheBatchHasEndedAndAfterARestart() throws Exception {
    Path go = directory.resolve("go");
    Files.writeString(logs.resolve(ID), LOG);
    Client client = endpoint.client();
    String batch = client.submit("print Submitted application " + ID, "await " + go, "exit 1");
    client.awaitState(batch, "running");
    assertThat(stages(client, batch).get("stages")).isEmpty();
    assertThat(stages(client, batch).get("reason").asText()).isEqualTo("it has not ended yet");
    Files.writeString(go, "");
    client.awaitState(batch, "dead");

    JsonNode told = stages(client, batch);

    assertThat(told.get("id").asText()).isEqualTo(batch);
    assertThat(told.get("appId").asText()).isEqualTo(ID);
    assertThat(told.get("reason").isNull()).isTrue();
    assertThat(told.get("stages")).hasSize(1);
    JsonNode stage = told.get("stages").get(0);
    assertThat(stage.get("id").asInt()).isEqualTo(3);
    assertThat(stage.get("attempt").asInt()).isEqualTo(1);
    assertThat(stage.get("name").asText()).isEqualTo("count at a.py:7");
    assertThat(stage.get("submittedAt").asText()).isEqualTo("2023-11-14T22:13:21Z");
    assertThat(stage.get("completedAt").asText()).isEqualTo("2023-11-14T22:13:23.500Z");
    assertThat(stage.get("tasks").asInt()).isEqualTo(8);
    assertThat(stage.get("failure").asText()).isEqualTo("lost");
    stop();
    start();
    assertThat(stages(endpoint.client(), batch)).isEqualTo(told);
  }

  @Test
  void unknownBatchHasNone() {
    assertThat(endpoint.client().get("/batches/99/stages").status()).isEqualTo(404);
  }
}
