package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.routes.api.ServerFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yandex.cloud.api.dataproc.v1.ClusterOuterClass.Cluster;

/** The packaged server with a real cluster, asked over HTTP alone. */
class ServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

  @TempDir Path directory;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private JsonNode ask(URI server, String method, String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(server + "/api/v1" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("X-Caravan-Actor", "ann")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return new ObjectMapper().readTree(answer.body());
  }

  private JsonNode get(URI server, String path) throws Exception {
    return ask(server, "GET", path, "");
  }

  @Test
  void runIsAskedForFollowedAndSeenToItsEndWhileTheServerHasTheJournal() throws Exception {
    try (LocalWorld world = LocalWorld.create(directory)) {
      Path go = directory.resolve("go");
      world.job("mart", "await " + go).schedule("cron", "0 0 1 1 *");
      ChildProcess serving = world.start("serve");
      Path file = directory.resolve("server.json");
      Awaitility.await().atMost(PATIENCE).until(() -> serving.log().contains("Caravan serves on"));
      ServerFile told = ServerFile.read(file).orElseThrow();
      URI server = told.address();
      assertThat(told.pid()).isEqualTo(serving.pid());
      assertThat(serving.log())
          .contains("Caravan serves on " + server + ", process " + serving.pid())
          .containsPattern("datamarts +main +20\\d\\d-01-01T00:00Z")
          .containsPattern("main +" + LocalWorld.CLUSTER + " +never");

      ChildProcess second = world.start("serve");
      assertThat(second.exitCode(PATIENCE)).as(second.log()).contains(1);
      assertThat(second.log())
          .contains(
              "Another server has this journal already: process %d, at %s."
                  .formatted(serving.pid(), server));
      assertThat(ServerFile.read(file)).as("the first one's").contains(told);

      JsonNode asked =
          ask(server, "POST", "/runs", "{\"pipeline\":\"datamarts\",\"date\":\"" + DATE + "\"}");
      String run = "/runs/" + asked.at("/run/id").asText();
      Awaitility.await().atMost(PATIENCE).until(() -> world.jobsStarted() == 1);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> get(server, run).at("/jobs/0/state").asText().equals("SUBMITTED"));
      JsonNode log = get(server, run + "/jobs/mart/log?from=0");
      assertThat(log.path("source").asText()).as("it runs").isEqualTo("ENDPOINT");
      assertThat(log.path("complete").asBoolean()).isFalse();
      assertThat(log.path("lines")).isNotEmpty();
      assertThat(get(server, "/clusters/main").at("/running/askedBy").asText()).isEqualTo("ann");
      Files.createFile(go);

      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> get(server, run).at("/run/state").asText().equals("SUCCEEDED"));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> get(server, run).at("/session/state").asText().equals("STOPPED"));
      assertThat(get(server, "/clusters/main").at("/status/status").asText()).isEqualTo("STOPPED");
      assertThat(world.cloud.status()).isEqualTo(Cluster.Status.STOPPED);

      ProcessHandle.of(serving.pid()).orElseThrow().destroy();
      assertThat(serving.exitCode(PATIENCE)).contains(143);
      assertThat(file).doesNotExist();
    }
  }
}
