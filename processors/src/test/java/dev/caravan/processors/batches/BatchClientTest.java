package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.BatchState;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.batches.LogPage;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchClientTest {
  private static final String BATCH =
      """
      {"id":7,"name":"marts","owner":null,"proxyUser":null,"state":"running","appId":null,
       "appInfo":{"driverLogUrl":null,"sparkUiUrl":null},"log":["stdout: ","hello"],"exitCode":3}""";
  private static final BatchRequest REQUEST =
      BatchRequest.of(
          "s3a://lake/jobs.jar",
          "dev.example.Main",
          "marts",
          List.of("--date", "2026-11-22"),
          Map.of("spark.b", "2", "spark.a", "1"));
  private static final IdempotencyKey KEY =
      IdempotencyKey.of("run-1", "marts", LocalDate.of(2026, 11, 22), 1);

  private static CamelContext camel;
  private static BatchClient client;
  private ScriptedEndpoint endpoint;

  @BeforeAll
  static void startCamel() {
    camel = new DefaultCamelContext();
    camel.start();
    client =
        new BatchClient(
            camel, BatchClientConfig.of(EndpointCredentials.bearer("s3cr3t"), Optional.empty()));
  }

  @AfterAll
  static void stopCamel() throws Exception {
    client.close();
    camel.close();
  }

  @BeforeEach
  void startEndpoint() {
    endpoint = new ScriptedEndpoint();
  }

  @AfterEach
  void stopEndpoint() {
    endpoint.close();
  }

  @Test
  void endpointIsAskedWhoItIsAndWhatItPermitsWithoutAnyEffect() throws Exception {
    endpoint.answers(200, "{\"version\":\"0.9.0-incubating\",\"caravan\":\"1.2\"}");
    assertThat(client.identify(endpoint.uri()).version()).contains("1.2");
    assertThat(client.identify(endpoint.uri()).date().orElseThrow())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    endpoint.answers(200, "{\"version\":\"0.7.1-incubating\"}");
    assertThat(client.identify(endpoint.uri()).version()).as("a stock Livy").isEmpty();

    endpoint.answers(400, "{\"msg\":\"Rejected, Reason: a lease needs 'run'\"}");
    assertThat(client.mayOperate(endpoint.uri())).isTrue();
    assertThat(endpoint.requests().get(3).body()).as("no lease can come of it").isEqualTo("{}");
    endpoint.answers(403, "{\"msg\":\"The credential 'caravan' may only read.\"}");
    assertThat(client.mayOperate(endpoint.uri())).isFalse();
    endpoint.answers(401, "{}");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.mayOperate(endpoint.uri()))
        .withMessageContaining("endpoint.credentials-file");
  }

  @Test
  void requestIsValidatedWithTheBodyOfItsSubmission() throws Exception {
    endpoint.answers(200, "{\"missing\":[\"local:/a.jar\"]}");
    assertThat(client.validate(endpoint.uri(), REQUEST)).contains(List.of("local:/a.jar"));
    endpoint.answers(201, BATCH);
    client.submit(endpoint.uri(), REQUEST, KEY);
    assertThat(endpoint.requests().get(0).body()).isEqualTo(endpoint.requests().get(1).body());

    endpoint.answers(400, "{\"msg\":\"Rejected, Reason: the field 'file'\"}");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.validate(endpoint.uri(), REQUEST))
        .withMessageContaining("Rejected, Reason: the field 'file'");
    endpoint.answers(200, "{}");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.validate(endpoint.uri(), REQUEST));
    for (int unknown : List.of(404, 405)) {
      endpoint.answers(unknown, "{}");
      assertThat(client.validate(endpoint.uri(), REQUEST)).as("an earlier version").isEmpty();
    }
  }

  @Test
  void submitsWithKeyAndCredentialsAndNothingElse() throws Exception {
    endpoint.answers(201, BATCH);

    Batch batch = client.submit(endpoint.uri(), REQUEST, KEY);

    assertThat(batch.id()).isEqualTo(7);
    assertThat(batch.name()).contains("marts");
    assertThat(batch.state()).isEqualTo(BatchState.RUNNING);
    assertThat(batch.isFinished()).isFalse();
    assertThat(batch.appId()).isEmpty();
    assertThat(batch.log()).containsExactly("stdout: ", "hello");
    assertThat(batch.further())
        .containsEntry("exitCode", "3")
        .containsEntry("appInfo", "{\"driverLogUrl\":null,\"sparkUiUrl\":null}")
        .doesNotContainKey("owner");
    ScriptedEndpoint.Request request = endpoint.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/batches");
    assertThat(request.headers())
        .containsEntry("idempotency-key", "run-1/marts/2026-11-22/1")
        .containsEntry("authorization", "Bearer s3cr3t")
        .containsEntry("content-type", "application/json")
        .containsOnlyKeys(
            "accept",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
            "idempotency-key",
            "user-agent",
            "x-requested-by");
    assertThat(new ObjectMapper().readTree(request.body()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"file":"s3a://lake/jobs.jar","className":"dev.example.Main","name":"marts",
                     "args":["--date","2026-11-22"],"conf":{"spark.a":"1","spark.b":"2"}}"""));
  }

  @Test
  void equalRequestsHaveEqualBytes() {
    endpoint.answers(201, BATCH);
    client.submit(endpoint.uri(), REQUEST, KEY);
    client.submit(
        endpoint.uri(),
        BatchRequest.of(
            REQUEST.file(),
            "dev.example.Main",
            "marts",
            REQUEST.args(),
            Map.of("spark.a", "1", "spark.b", "2")),
        KEY);

    assertThat(endpoint.requests().get(0).body()).isEqualTo(endpoint.requests().get(1).body());
  }

  @Test
  void usesTheMountPrefix() {
    endpoint.answers(200, BATCH);
    client.get(endpoint.uri().resolve("/livy/"), 7);
    client.get(endpoint.uri().resolve("/livy"), 7);

    assertThat(endpoint.requests())
        .extracting(ScriptedEndpoint.Request::uri)
        .containsExactly("/livy/batches/7", "/livy/batches/7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{\"msg\":\"Rejected, Reason: no such file prefix\"}|Rejected, Reason: no such file prefix",
        "400|\"a bare string\"|a bare string",
        "400|''|(no words)",
        "400|{\"other\":1}|{\"other\":1}",
        "409|{\"msg\":\"key was used\"}|key was used. The request for a key must not change",
        "401|{\"msg\":\"who?\"}|caravan.cluster.NAME.endpoint.credentials-file",
        "401|''|caravan.cluster.NAME.endpoint.credentials-file",
        "403|{\"msg\":\"read only\"}|forbids this (403: read only)",
        "404|{\"msg\":\"no\"}|answered 404",
        "413|too large|too large",
      })
  void refusedSubmissionIsFatalInTheEndpointsWords(int status, String body, String words) {
    endpoint.answers(status, body);

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY))
        .withMessageContaining(words)
        .withMessageContaining(endpoint.uri().toString())
        .withMessageNotContaining("s3cr3t");
    assertThat(endpoint.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429})
  void submissionThatMayHaveBeenHeardIsRetryableAndSentOnce(int status) {
    endpoint.answers(status, "{\"msg\":\"later\"}");

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY))
        .withMessageContaining(status + "")
        .withMessageContaining("later");
    assertThat(endpoint.requests()).hasSize(1);
  }

  @Test
  void droppedConnectionIsRetryableAndNothingIsRepeatedBehindOurBack() {
    endpoint.answers(exchange -> {});

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY))
        .withMessageContaining("gave no answer");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.get(endpoint.uri(), 7));
    assertThat(endpoint.requests()).hasSize(2);
  }

  @Test
  void answerCutShortIsRetryable() {
    endpoint.answers(
        exchange -> {
          exchange.sendResponseHeaders(201, 1000);
          exchange.getResponseBody().write(BATCH.getBytes());
          exchange.getResponseBody().flush();
        });

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{\"id\":7}", "{\"state\":\"running\"}", "<html/>"})
  void answerThatIsNoBatchIsRetryable(String body) {
    endpoint.answers(200, body);

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.get(endpoint.uri(), 7))
        .withMessageContaining("is not part of the batch protocol");
  }

  @Test
  void readsAStockLivysAnswer() {
    endpoint.answers(
        exchange ->
            ScriptedEndpoint.reply(
                exchange,
                200,
                "application/json;charset=utf-8",
                "{\"id\":0,\"name\":\"имя\",\"state\":\"recovering\",\"appId\":\"application_1_2\","
                    + "\"appInfo\":{},\"log\":[\"\\nstderr: \"],\"unheard\":[1,{\"of\":2}]}"));

    Batch batch = client.get(endpoint.uri(), 0).orElseThrow();

    assertThat(batch.state()).isEqualTo(BatchState.RUNNING);
    assertThat(batch.stateWord()).isEqualTo("recovering");
    assertThat(batch.isFinished()).isFalse();
    assertThat(batch.name()).contains("имя");
    assertThat(batch.appId()).contains("application_1_2");
  }

  @Test
  void unknownBatchIsLostOnlyIfTheEndpointSaysSo() {
    endpoint.answers(404, "{\"msg\":\"Session '7' not found.\"}");
    assertThat(client.get(endpoint.uri(), 7)).isEmpty();
    assertThat(client.log(endpoint.uri(), 7, 0, 10)).isEmpty();
    assertThat(client.delete(endpoint.uri(), 7)).isEqualTo(Deletion.UNKNOWN_BATCH);

    endpoint.answers(
        exchange -> ScriptedEndpoint.reply(exchange, 404, "text/html", "<h1>Not found</h1>"));
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.get(endpoint.uri(), 7));
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.delete(endpoint.uri(), 7));
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 405, 500, 503})
  void failedLookNeverFailsABatch(int status) {
    endpoint.answers(status, "{\"msg\":\"oh\"}");

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.get(endpoint.uri(), 7))
        .withMessageContaining("oh");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.log(endpoint.uri(), 7, 0, 10));
  }

  @Test
  void answerForAnotherBatchIsNotTaken() {
    endpoint.answers(200, BATCH);

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.get(endpoint.uri(), 8))
        .withMessageContaining("asked for batch 8 and answered with batch 7");
  }

  @Test
  void readsALogPage() {
    endpoint.answers(200, "{\"id\":7,\"from\":40,\"total\":42,\"log\":[\"a\",\"b\"]}");

    assertThat(client.log(endpoint.uri(), 7, -1, 2))
        .contains(new LogPage(40, 42, List.of("a", "b")));
    assertThat(endpoint.requests().get(0).uri()).isEqualTo("/batches/7/log?from=-1&size=2");
  }

  @Test
  void findsBatchesByNameOnAllPages() {
    endpoint.answers(
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          int from = Integer.parseInt(query.replaceAll(".*from=(\\d+).*", "$1"));
          StringBuilder page = new StringBuilder();
          for (int id = from + 1; id <= Math.min(from + 100, 250); id++) {
            String name = id % 100 == 0 ? "\"marts\"" : "null";
            page.append(page.isEmpty() ? "" : ",")
                .append("{\"id\":" + id + ",\"name\":" + name + ",\"state\":\"success\"}");
          }
          ScriptedEndpoint.reply(
              exchange,
              200,
              "application/json",
              "{\"from\":" + from + ",\"total\":250,\"sessions\":[" + page + "]}");
        });

    assertThat(client.named(endpoint.uri(), "marts"))
        .extracting(Batch::id)
        .containsExactly(100, 200);
    assertThat(endpoint.requests()).hasSize(3);
  }

  @Test
  void unfinishedBatchIsSeenThoughTheListMovesUnderTheReader() {
    java.util.List<String> batches = new java.util.ArrayList<>();
    for (int id = 1; id <= 250; id++) {
      String state = id == 101 || id == 250 ? "running" : "success";
      batches.add("{\"id\":" + id + ",\"state\":\"" + state + "\"}");
    }
    endpoint.answers(
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          int from = Integer.parseInt(query.replaceAll(".*from=(\\d+).*", "$1"));
          String page =
              String.join(",", batches.subList(from, Math.min(from + 100, batches.size())));
          ScriptedEndpoint.reply(
              exchange,
              200,
              "application/json",
              "{\"from\":"
                  + from
                  + ",\"total\":"
                  + batches.size()
                  + ",\"sessions\":["
                  + page
                  + "]}");
          if (batches.size() == 250) {
            // Forgotten after the first page: number 101 is on that page now.
            batches.remove(0);
          }
        });

    assertThat(client.unfinished(endpoint.uri())).extracting(Batch::id).containsExactly(101, 250);
  }

  @Test
  void listThatNeverEndsIsGivenUp() {
    endpoint.answers(
        200, "{\"from\":0,\"total\":2000000,\"sessions\":[{\"id\":1,\"state\":\"success\"}]}");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.named(endpoint.uri(), "marts"))
        .withMessageContaining("delete old ones");
  }

  @Test
  void deletionIsConfirmedByTheEndpoint() {
    endpoint.answers(200, "{\"msg\":\"deleted\"}");
    assertThat(client.delete(endpoint.uri(), 7)).isEqualTo(Deletion.CONFIRMED);
    assertThat(endpoint.requests().get(0).method()).isEqualTo("DELETE");

    endpoint.answers(500, "{\"msg\":\"application_1_2 still runs\"}");
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.delete(endpoint.uri(), 7))
        .withMessageContaining("application_1_2 still runs");
  }

  @Test
  void healthIsAWordAndNotAnException() {
    endpoint.answers(200, "{\"ready\":true}");
    assertThat(client.health(endpoint.uri()))
        .isEqualTo(new Health(true, Optional.empty(), Optional.empty()));
    assertThat(endpoint.requests().get(0).uri()).isEqualTo("/health");

    endpoint.answers(503, "{\"msg\":\"YARN isn't up\"}");
    assertThat(client.health(endpoint.uri()).reason()).contains("It answered 503: YARN isn't up");

    endpoint.answers(200, "<html>somebody else</html>");
    assertThat(client.health(endpoint.uri()).ready()).isFalse();

    endpoint.answers(302, "");
    assertThat(client.health(endpoint.uri()).ready()).isFalse();

    endpoint.answers(
        exchange -> ScriptedEndpoint.reply(exchange, 404, "text/html", "<h1>Not yet</h1>"));
    assertThat(client.health(endpoint.uri()).reason())
        .contains("It answered 404: <h1>Not yet</h1>");

    ScriptedEndpoint closed = new ScriptedEndpoint();
    closed.close();
    Health gone = client.health(closed.uri());
    assertThat(gone.ready()).isFalse();
    assertThat(gone.reason().orElseThrow()).contains("refused");

    assertThat(client.health(URI.create("http://no-such-host.invalid:8998")).reason().orElseThrow())
        .contains("doesn't resolve");
  }

  @Test
  void healthWithBadCredentialsIsFatalSinceWaitingWontMendIt() {
    endpoint.answers(401, "{\"msg\":\"unauthorized\"}");

    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.health(endpoint.uri()))
        .withMessageContaining("caravan.cluster.NAME.endpoint.credentials-file");
  }

  @Test
  void stockLivyIsReadyWhenItListsBatches() {
    endpoint.answers(
        exchange -> {
          boolean list = exchange.getRequestURI().getPath().equals("/batches");
          ScriptedEndpoint.reply(
              exchange,
              list ? 200 : 404,
              list ? "application/json" : "text/html",
              list ? "{\"from\":0,\"total\":0,\"sessions\":[]}" : "<h1>404</h1>");
        });

    assertThat(client.health(endpoint.uri()).ready()).isTrue();
    assertThat(client.isStockLivy(endpoint.uri())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"200, {\"ready\":true}", "503, {\"msg\":\"no YARN\"}"})
  void ourEndpointIsNoStockLivyEvenWhenItIsNotReady(int status, String body) {
    endpoint.answers(status, body);

    assertThat(client.isStockLivy(endpoint.uri())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"502, <html>", "200, <html>", "503, ''", "500, \"bare\""})
  void whatNeitherWouldAnswerIsAskedAgain(int status, String body) {
    endpoint.answers(status, body);

    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(() -> client.isStockLivy(endpoint.uri()))
        .withMessageContaining(status + " to GET /health");
  }

  @Test
  void nameThatAStockLivyRefusesIsToldFromOtherRefusals() {
    endpoint.answers(400, "{\"msg\":\"Duplicate session name: Some(marts) for session 3\"}");

    assertThatExceptionOfType(NameTakenException.class)
        .isThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY))
        .withMessageContaining("already has a batch named 'marts'")
        .withMessageContaining("DELETE /batches/{id}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|\"Unrecognized field \\\"bogus\\\" (class C)\\n at [Source: x; line: 1]\"|Unrecognized field \"bogus\" (class C) at [Source: x; line: 1]",
        "500|\"java.lang.NullPointerException: args() is null\"|java.lang.NullPointerException: args() is null",
      })
  void bareStringOfAStockLivyIsReadAsItsSentence(int status, String body, String words) {
    endpoint.answers(status, body);

    assertThatThrownBy(() -> client.submit(endpoint.uri(), REQUEST, KEY))
        .hasMessageEndingWith(": " + words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host:8998", "http://user:s3cr3t@host", "http://host?a=b", "host:8998", "x"})
  void badAddressIsFatalAndKeepsItsSecret(String address) {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client.health(URI.create(address)))
        .withMessageContaining("https://host:8998")
        .withMessageNotContaining("s3cr3t");
  }
}
