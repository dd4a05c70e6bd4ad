package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.routes.api.ServerFile;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.shared.settings.SettingsException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API over real HTTP; one server without credentials for all tests. */
class ApiTest {
  @TempDir private static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(TestServer.installation(directory));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String queued(String date) throws Exception {
    HttpResponse<String> answer =
        server.post("/runs", "{\"pipeline\": \"marts\", \"date\": \"" + date + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return TestServer.json(answer).at("/run/id").asText();
  }

  private static Run run(String id) {
    return server.journal().runs().find(id).orElseThrow();
  }

  @Test
  void serverTellsItsFileAndItself() throws Exception {
    Path file = directory.resolve("data/server.json");
    ServerFile told = ServerFile.read(file).orElseThrow();

    assertThat(told.address()).isEqualTo(server.address());
    assertThat(told.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(told.token()).hasSizeGreaterThan(40);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(TestServer.json(server.get("/server")).path("pid").asLong()).isEqualTo(told.pid());
  }

  @Test
  void pipelineIsShownWithItsDefinitionAndNextTimes() throws Exception {
    JsonNode marts = TestServer.json(server.get("/pipelines/marts"));

    assertThat(marts.path("definition").asText()).contains("cron");
    assertThat(marts.path("next")).hasSize(5);
    assertThat(marts.at("/next/0/at").asText()).matches(".*\\+0[12]:00");
    assertThat(TestServer.json(server.get("/pipelines")).path("items")).hasSize(1);
  }

  @Test
  void runIsAskedForFoundListedAndCancelledByTheOneWhoSaysSo() throws Exception {
    HttpResponse<String> asked =
        server.post(
            "/runs", "{\"pipeline\":\"marts\",\"date\":\"2026-01-02\"}", "X-Caravan-Actor", "ann");
    assertThat(asked.statusCode()).isEqualTo(201);
    assertThat(asked.headers().firstValue("Location")).contains("/api/v1/runs/marts/2026-01-02/1");
    assertThat(run("marts/2026-01-02/1").askedBy()).contains("ann");
    HttpResponse<String> again =
        server.post("/runs", "{\"pipeline\":\"marts\",\"date\":\"2026-01-02\"}");
    assertThat(again.statusCode()).as("the date has it already").isEqualTo(200);
    assertThat(TestServer.json(again).path("queued").asBoolean()).isFalse();

    HttpResponse<String> found = server.get("/runs/marts/2026-01-02/1");
    RunDetail detail = ViewJson.mapper().readValue(found.body(), RunDetail.class);
    assertThat(detail.run().state()).isEqualTo(RunState.QUEUED);
    assertThat(detail.jobs()).hasSize(2);
    assertThat(TestServer.json(server.get("/runs?pipeline=marts&state=queued,running")).toString())
        .contains("marts/2026-01-02/1");

    HttpResponse<String> cancelled =
        server.post(
            "/runs/marts/2026-01-02/1/cancel",
            "{\"note\": \"not needed\"}",
            "X-Caravan-Actor",
            "bob");
    assertThat(TestServer.json(cancelled).path("state").asText()).isEqualTo("CANCELLED");
    assertThat(run("marts/2026-01-02/1").failure().orElseThrow()).contains("bob", "not needed");
  }

  @Test
  void runsComeInPages() throws Exception {
    for (int day = 1; day <= 5; day++) {
      queued("2026-02-0" + day);
    }
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page =
          TestServer.json(
              server.get("/runs?limit=2&from=2026-02-01&to=2026-02-05&cursor=" + cursor));
      assertThat(page.path("items")).hasSizeBetween(1, 2);
      page.path("items").forEach(run -> ids.add(run.path("id").asText()));
      cursor = page.path("next").asText();
    } while (!cursor.isEmpty());

    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void backfillIsPlannedThenBegunThenCancelled() throws Exception {
    String body = "{\"pipeline\":\"marts\",\"from\":\"2026-03-01\",\"to\":\"2026-03-03\"}";
    JsonNode plan = TestServer.json(server.post("/backfills/plan", body));
    assertThat(plan.path("toRun").asInt()).isEqualTo(3);
    assertThat(TestServer.json(server.get("/runs?from=2026-03-01&to=2026-03-03")).path("items"))
        .isEmpty();

    HttpResponse<String> begun = server.post("/backfills", body);
    assertThat(begun.statusCode()).isEqualTo(201);
    String place = begun.headers().firstValue("Location").orElseThrow().replace("/api/v1", "");
    assertThat(TestServer.json(server.get(place)).at("/runs/QUEUED").asInt()).isEqualTo(3);
    assertThat(TestServer.json(server.post(place + "/pause", "")).path("state").asText())
        .isEqualTo("PAUSED");
    assertThat(TestServer.json(server.post(place + "/cancel", "{}")).path("state").asText())
        .isEqualTo("CANCELLED");
    HttpResponse<String> late = server.post(place + "/resume", "");
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(TestServer.json(late).path("detail").asText()).contains("can't become");
  }

  @Test
  void repeatedKeyGivesTheFirstAnswerAndDoesNothingAgain() throws Exception {
    String[] key = {"Idempotency-Key", "pause-1"};
    HttpResponse<String> first = server.post("/pipelines/marts/pause", "{\"note\":\"a\"}", key);
    server.post("/pipelines/marts/resume", "");

    HttpResponse<String> second = server.post("/pipelines/marts/pause", "{\"note\":\"a\"}", key);

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Idempotent-Replay")).contains("true");
    assertThat(server.journal().queue().pause("marts")).isEmpty();
    HttpResponse<String> other = server.post("/pipelines/marts/pause", "{\"note\":\"b\"}", key);
    assertThat(other.statusCode()).isEqualTo(409);
    HttpResponse<String> refused =
        server.post("/runs/marts/2026-09-09/1/cancel", "", "Idempotency-Key", "none-1");
    assertThat(refused.statusCode()).isEqualTo(404);
    queued("2026-09-09");
    HttpResponse<String> still =
        server.post("/runs/marts/2026-09-09/1/cancel", "", "Idempotency-Key", "none-1");
    assertThat(still.statusCode()).as("as the first time").isEqualTo(404);
    assertThat(still.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void whoPollsIsToldThatNothingChanged() throws Exception {
    HttpResponse<String> first = server.get("/clusters");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second = server.get("/clusters", "If-None-Match", tag);

    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(server.get("/clusters", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404",
    "GET, /pipelines/none, 404",
    "GET, /runs/marts/2026-01-02/99, 404",
    "GET, /sessions/x, 404",
    "DELETE, /runs, 405",
    "GET, /pipelines/marts/pause, 405",
    "PUT, /events, 405",
    "GET, /runs?limit=0, 400",
    "GET, /runs?sate=QUEUED, 400",
    "GET, /runs?from=yesterday, 400",
    "GET, /runs?limit=1&limit=2, 400",
    "GET, /runs?cursor=abc, 400",
    "GET, /pipelines/%ff, 400",
    "GET, /pipelines/a%00b, 400",
    "POST, /runs, 400"
  })
  void everyErrorIsAProblemDocument(String method, String path, int status) throws Exception {
    HttpResponse<String> answer =
        server.send(
            server.request(path).method(method, HttpRequest.BodyPublishers.noBody()).build());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = TestServer.json(answer);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).matches(".*[.?]");
  }

  @Test
  void pageOfAnotherOriginCanNotAct() throws Exception {
    HttpResponse<String> action =
        server.post("/pipelines/marts/pause", "", "Origin", "https://evil.example");

    assertThat(action.statusCode()).isEqualTo(403);
    assertThat(server.journal().queue().pause("marts")).isEmpty();
    HttpResponse<String> form =
        server.send(
            server
                .request("/pipelines/marts/pause", "Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    assertThat(form.statusCode()).isEqualTo(415);
  }

  @Test
  void bodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> answer = server.post("/runs", " ".repeat(1_100_000));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  /** Lines of the stream of events as they come. */
  private static BlockingQueue<String> events(String... headers) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    server
        .client()
        .sendAsync(
            server.request("/events", headers).timeout(Duration.ofMinutes(1)).build(),
            HttpResponse.BodyHandlers.fromLineSubscriber(
                new Flow.Subscriber<>() {
                  @Override
                  public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                  }

                  @Override
                  public void onNext(String line) {
                    lines.add(line);
                  }

                  @Override
                  public void onError(Throwable thrown) {}

                  @Override
                  public void onComplete() {}
                }));
    return lines;
  }

  private static String await(BlockingQueue<String> lines, String beginning) throws Exception {
    String line;
    do {
      line = lines.poll(15, TimeUnit.SECONDS);
      assertThat(line).as("a line that begins with " + beginning).isNotNull();
    } while (!line.startsWith(beginning));
    return line;
  }

  @Test
  void eventsComeAtOnceAndAreGoneOnWithAfterTheLastSeen() throws Exception {
    long last = server.journal().history().lastEvent();
    BlockingQueue<String> stream = events("Last-Event-ID", Long.toString(last));
    await(stream, "retry:");
    queued("2026-04-01");
    String id = await(stream, "id: ").substring(4);
    assertThat(await(stream, "event: ")).isEqualTo("event: RUN_QUEUED");
    assertThat(await(stream, "data: ")).contains("\"run\":\"marts/2026-04-01/1\"");
    queued("2026-04-02");

    BlockingQueue<String> resumed = events("Last-Event-ID", id);

    assertThat(await(resumed, "data: ")).contains("\"run\":\"marts/2026-04-02/1\"");
  }

  @Test
  void secondServerOnAPortThatIsTakenIsRefused(@TempDir Path other) throws Exception {
    TestInstallation installation =
        TestServer.installation(other)
            .set("caravan.server.port", Integer.toString(server.address().getPort()));

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> TestServer.start(installation))
        .withMessageContaining("is another process there?");
  }

  @Test
  void fileOfTheServerGoesWithIt(@TempDir Path other) throws Exception {
    TestServer second = TestServer.start(TestServer.installation(other));
    Path file = other.resolve("data/server.json");
    assertThat(file).exists();

    second.close();

    assertThat(file).doesNotExist();
    try (Stream<Path> left = Files.list(file.getParent())) {
      assertThat(left).noneMatch(path -> path.getFileName().toString().contains("server"));
    }
  }
}
