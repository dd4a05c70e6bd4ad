package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API answers as its document says, and never with a failure of its own, whatever it is sent.
 */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OpenApi DOCUMENT = new OpenApi();
  private static final LocalDate DATE = LocalDate.of(2026, 5, 1);

  /** What no parameter and no field is, or what is too much of it; each a part of a URL. */
  private static final List<String> WRONG =
      List.of(
          "%00",
          "%FF%FE",
          "%2F..%2F..%2Fetc%2Fpasswd",
          "-1",
          "0",
          "99999999999999999999",
          "1e9",
          "NaN",
          "null",
          "2026-02-30",
          "9999-12-31",
          "%F0%9F%92%A5",
          "'%20or%201=1",
          "%24%7Bjndi:x%7D",
          "a".repeat(3000));

  @TempDir private static Path directory;
  private static TestServer server;
  private static int backfills;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(TestServer.installation(directory));
    history(server.journal());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A run with all that can be known of one, on a cluster that it left running; an alarm. */
  private static void history(Journal journal) throws IOException {
    journal.queue().add("marts", TestInstallation.CLUSTER, DATE, false, "ann");
    Run run =
        ((Claim.Taken) journal.claims().claimDue(TestInstallation.CLUSTER).orElseThrow()).run();
    journal.definitions().keep(run, Files.readString(directory.resolve("pipelines/marts.yaml")));
    journal.sessions().open(run, TestInstallation.CLUSTER, false);
    journal.statuses().seen(run, "RUNNING");
    journal.runs().step(run, RunStep.SUBMIT_JOB, "load");
    journal.jobs().submitting(run, "load", attempt -> "key-" + attempt);
    journal.jobs().submitted(run, "load", 7);
    journal.jobs().succeeded(run, "load", Optional.of("application_1"));
    journal
        .jobs()
        .verified(
            run,
            "load",
            1,
            1,
            new OutputReport(
                S3Location.of("s3://lake/load/date=2026-05-01/"),
                2,
                300,
                OptionalLong.of(30),
                List.of(),
                Optional.empty(),
                Optional.empty()),
            "");
    journal.sessions().leftRunning(run, "others work there");
    journal.runs().end(run, RunState.FAILED, Optional.of("job mart failed"));
    journal.claims().endSession(TestInstallation.CLUSTER);
    journal.alarms().raise(AlarmKind.BROKEN_DEFINITION, "marts.yaml", "line 3");
    journal.queue().pause("marts", "ann", "");
  }

  static List<OpenApi.Operation> calls() {
    return DOCUMENT.operations().stream()
        .filter(operation -> !operation.path().equals("/events"))
        .toList();
  }

  private static Map<String, String> goodParameters() {
    Map<String, String> good = new LinkedHashMap<>();
    good.put("pipeline", "marts");
    good.put("date", DATE.toString());
    good.put("attempt", "1");
    good.put("job", "load");
    good.put("cluster", "main");
    good.put("id", "1");
    return good;
  }

  /** A new backfill, since what is cancelled can't be paused. */
  private static String newBackfill() {
    LocalDate from = DATE.minusDays(2L * backfills++ + 2);
    return Long.toString(
        server
            .journal()
            .backfills()
            .begin(
                "marts",
                TestInstallation.CLUSTER,
                new BackfillPlan.Request(from, from.plusDays(1), BackfillPlan.Only.ALL, false),
                Optional.empty(),
                "ann")
            .backfill()
            .orElseThrow()
            .id());
  }

  private static Map<String, String> goodParameters(OpenApi.Operation operation) {
    Map<String, String> good = goodParameters();
    if (operation.path().startsWith("/backfills/{id}")) {
      good.put("id", newBackfill());
      if (operation.path().endsWith("/resume")) {
        server.journal().backfills().pause(Long.parseLong(good.get("id")), "ann", "");
      }
    }
    return good;
  }

  private static String path(OpenApi.Operation operation, Map<String, String> values) {
    String path = operation.path();
    for (Map.Entry<String, String> value : values.entrySet()) {
      path = path.replace("{" + value.getKey() + "}", value.getValue());
    }
    return path;
  }

  private static ObjectNode goodBody() {
    return JSON.createObjectNode()
        .put("pipeline", "marts")
        .put("date", DATE.plusDays(30).toString())
        .put("from", DATE.plusDays(40).toString())
        .put("to", DATE.plusDays(41).toString())
        .put("catchUp", "NONE")
        .put("only", "ALL")
        .put("again", false)
        .put("newestFirst", true)
        .put("note", "why not");
  }

  private static ObjectNode goodBody(OpenApi.Operation operation) {
    ObjectNode body = goodBody();
    Optional<JsonNode> schema = DOCUMENT.body(operation);
    body.retain(schema.map(known -> names(known.path("properties"))).orElse(List.of()));
    return body;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static HttpResponse<String> send(OpenApi.Operation operation, String path, byte[] body)
      throws Exception {
    return server.send(
        server
            .request(path, "Content-Type", "application/json")
            .method(
                operation.method(),
                operation.method().equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body))
            .build());
  }

  private static void assertAsDocumented(
      OpenApi.Operation operation, String sent, HttpResponse<String> answer) throws IOException {
    String type = answer.headers().firstValue("Content-Type").orElse("");
    assertThat(answer.statusCode())
        .as("%s, sent %s: %s", operation, sent, answer.body())
        .isLessThan(500);
    assertThat(DOCUMENT.faults(operation, answer.statusCode(), type, answer.body()))
        .as("%s, sent %s: %s", operation, sent, answer.body())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void answersWhatIsRightAsDocumented(OpenApi.Operation operation) throws Exception {
    String path = path(operation, goodParameters(operation));
    byte[] body = JSON.writeValueAsBytes(goodBody(operation));

    HttpResponse<String> answer = send(operation, path, body);

    assertAsDocumented(operation, path, answer);
    // The endpoint of this cluster ships no logs.
    assertThat(answer.statusCode())
        .as("%s: %s", operation, answer.body())
        .isIn(operation.path().endsWith("/log") ? List.of(404) : List.of(200, 201));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void refusesWrongParametersInWords(OpenApi.Operation operation) throws Exception {
    byte[] body = JSON.writeValueAsBytes(goodBody(operation));
    for (JsonNode parameter : DOCUMENT.parameters(operation)) {
      String name = parameter.path("name").asText();
      String where = parameter.path("in").asText();
      for (String wrong : WRONG) {
        if (where.equals("path")) {
          Map<String, String> values = goodParameters();
          values.put(name, wrong);
          assertAsDocumented(
              operation, name + "=" + wrong, send(operation, path(operation, values), body));
        } else if (where.equals("query")) {
          String path = path(operation, goodParameters()) + "?" + name + "=" + wrong;
          assertAsDocumented(operation, path, send(operation, path, body));
        }
      }
    }
    String twice = path(operation, goodParameters()) + "?x=1&x=2&&=&%F0";
    HttpResponse<String> answer = send(operation, twice, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertAsDocumented(operation, twice, answer);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void refusesWrongBodiesInWords(OpenApi.Operation operation) throws Exception {
    if (operation.method().equals("GET")) {
      return;
    }
    String path = path(operation, goodParameters());
    List<byte[]> bodies = new ArrayList<>();
    for (String text :
        List.of(
            "null",
            "[]",
            "{",
            "\"x\"",
            "{}{}",
            "{\"note\":1,\"note\":2}",
            "{\"a\":" + "[".repeat(2000),
            "{\"unknown\":1}",
            "{\"\\u0000\":1}")) {
      bodies.add(text.getBytes(StandardCharsets.UTF_8));
    }
    bodies.add("{\"note\":\"x\"}".getBytes(StandardCharsets.UTF_16));
    bodies.add(new byte[] {'{', '"', 'n', 'o', 't', 'e', '"', ':', '"', (byte) 0xFF, '"', '}'});
    int wrong = bodies.size();
    JsonNode schema = DOCUMENT.body(operation).orElseThrow();
    for (String field : names(schema.path("properties"))) {
      for (String value :
          List.of(
              "5",
              "[]",
              "{}",
              "1e400",
              "\"\\u0000\"",
              "\"\\ud800\"",
              "\"9999-99-99\"",
              "\"0000-01-01\"",
              "\"" + "x".repeat(5000) + "\"")) {
        ObjectNode body = goodBody(operation);
        body.remove(field);
        String rest = body.toString();
        bodies.add(
            ("{\"" + field + "\":" + value + (rest.length() > 2 ? "," : "") + rest.substring(1))
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    for (int i = 0; i < bodies.size(); i++) {
      String sent = new String(bodies.get(i), StandardCharsets.UTF_8);
      HttpResponse<String> answer = send(operation, path, bodies.get(i));
      assertAsDocumented(operation, sent, answer);
      if (i < wrong && i != 9) {
        assertThat(answer.statusCode()).as("%s, sent %s", operation, sent).isEqualTo(400);
      }
    }
    for (String[] headers :
        List.of(
            new String[] {"Content-Type", "application/x-www-form-urlencoded"},
            new String[] {"Content-Type", "application/json", "Content-Encoding", "gzip"})) {
      HttpRequest request =
          server.request(path, headers).POST(BodyPublishers.ofString("{}")).build();
      HttpResponse<String> answer = server.send(request);
      assertThat(answer.statusCode()).isEqualTo(415);
      assertAsDocumented(operation, String.join(": ", headers), answer);
    }
  }

  @Test
  void headersThatAreWrongAreRefusedInWords() throws Exception {
    OpenApi.Operation pause =
        calls().stream()
            .filter(operation -> operation.path().endsWith("{pipeline}/pause"))
            .findFirst()
            .orElseThrow();
    for (String[] header :
        List.of(
            new String[] {"Idempotency-Key", "with blanks"},
            new String[] {"Idempotency-Key", "x".repeat(200)},
            new String[] {"X-Caravan-Actor", "x".repeat(200)},
            new String[] {"Idempotency-Key", "a", "Idempotency-Key", "b"})) {
      HttpResponse<String> answer = server.post("/pipelines/marts/pause", "", header);
      assertThat(answer.statusCode()).as(String.join(" ", header)).isEqualTo(400);
      assertAsDocumented(pause, String.join(" ", header), answer);
    }
    HttpResponse<String> events = server.get("/events", "Last-Event-ID", "x");
    assertThat(events.statusCode()).isEqualTo(400);
  }

  /** A client of ours would not send these. */
  @Test
  void requestThatIsNoneIsRefusedAndTheServerGoesOn() throws Exception {
    for (String request :
        List.of(
            "GET /api/v1/pipelines/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /api/v1/runs?cursor=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /api/v1/runs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            "NONSENSE\r\n\r\n")) {
      try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).as(request).matches("(?s)HTTP/1\\.[01] 4.*");
      }
    }
    assertThat(server.get("/server").statusCode()).isEqualTo(200);
  }

  @Test
  void documentIsServedAsItIsShipped() throws Exception {
    JsonNode served = TestServer.json(server.get("/openapi.json"));

    assertThat(served.path("openapi").asText()).isEqualTo("3.1.0");
    assertThat(served.path("paths")).hasSizeGreaterThan(20);
  }
}
