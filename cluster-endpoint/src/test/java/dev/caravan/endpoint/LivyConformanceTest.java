package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The protocol's page, row by row and sentence by sentence, over real HTTP against the real server.
 */
@Tag("slow")
class LivyConformanceTest {
  @TempDir static Path directory;
  private static TestEndpoint endpoint;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    endpoint =
        TestEndpoint.start(directory, "endpoint.prefix", "/api/livy", "endpoint.max-running", "20");
    client = endpoint.client();
  }

  @AfterAll
  static void stop() {
    endpoint.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /batches, 200",
    "GET, /batches/none, 404",
    "GET, /batches/9999, 404",
    "GET, /batches/9999/state, 404",
    "GET, /batches/9999/log, 404",
    "DELETE, /batches/9999, 404",
    "GET, /version, 200",
    "GET, /, 200",
    "POST, /, 200",
    "GET, /nowhere, 404",
    "GET, /batches/1/nowhere, 404",
    "PUT, /batches, 405",
    "DELETE, /batches, 405",
    "PATCH, /batches/1, 405",
    "DELETE, /batches/1/log, 405",
    "OPTIONS, /batches, 405",
    "GET, /batches?from=x, 400",
    "GET, /batches/9999/log?from=x, 404",
    "GET, /api/livy/batches, 200",
    "GET, /api/livy, 200",
    "GET, /api/livyx, 404"
  })
  void everyAnswerIsJson(String method, String path, int status) {
    Reply reply = client.send(method, path, "");

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.json().isObject()).isTrue();
    if (status >= 400) {
      assertThat(reply.message()).isNotBlank();
    }
  }

  @Test
  void versionHasLivysKeys() {
    JsonNode version = client.get("/version").json();

    assertThat(version.path("version").asText()).isEqualTo("0.9.0-incubating");
    assertThat(fields(version)).contains("user", "revision", "branch", "date", "url");
    assertThat(version.toString()).doesNotContain("${").contains("-SNAPSHOT");
    assertThat(version.path("revision").asText()).matches("unknown|[0-9a-f]{40}(-dirty)?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/version",
        "/health",
        "/batches",
        "/batches/%s",
        "/batches/%s/state",
        "/batches/%s/log",
        "/batches/9999",
        "/nowhere",
        "/api/livy/batches/%s"
      })
  void headIsGetWithoutBody(String form) {
    String id = client.submit("exit 0");
    client.awaitState(id, "success");
    String path = form.formatted(id);
    Reply get = client.get(path);
    Reply head = client.send("HEAD", path, "");

    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.header("Content-Type")).isEqualTo("application/json");
    assertThat(head.response().body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/batches/%s/state/",
        "//batches/%s/state",
        "/batches//%s//state",
        "/api/livy/batches/%s/state",
        "/api/livy//batches/%s/state/",
        "/api/livy/batches/0%s/state"
      })
  void slashesMountsAndZerosAreForgiven(String path) {
    String id = client.submit("exit 0");
    client.awaitState(id, "success");

    Reply reply = client.get(path.formatted(id));

    assertThat(reply.response().body()).isEqualTo("{\"id\":" + id + ",\"state\":\"success\"}");
  }

  @Test
  void theWholeProtocolStandsUnderThePrefixToo() {
    Reply reply = client.send("POST", "/api/livy/batches/", Client.body("print hello"));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo("/batches/" + reply.id());
    String batch = "/api/livy" + reply.header("Location");
    client.awaitState(reply.id(), "success");

    assertThat(client.get(batch).id()).isEqualTo(reply.id());
    assertThat(client.get(batch + "/log?from=5&size=1").json().path("log").get(0).asText())
        .isEqualTo("hello");
    assertThat(client.delete(batch).message()).isEqualTo("deleted");
    assertThat(client.send("PUT", "/api/livy/batches", "").status()).isEqualTo(405);
  }

  @Test
  void methodNotAllowedSaysWhatIs() {
    assertThat(client.send("PUT", "/batches", "").header("Allow")).isEqualTo("GET, HEAD, POST");
  }

  @Nested
  class Submitting {
    @Test
    void postAnswers201WithTheBatchAndItsLocation() {
      Reply reply = client.post(Client.body("exit 0"));

      assertThat(reply.status()).isEqualTo(201);
      assertThat(reply.header("Location")).isEqualTo("/batches/" + reply.id());
      JsonNode batch = reply.json();
      assertThat(batch.path("state").asText()).isIn("starting", "running");
      assertThat(fields(batch))
          .startsWith("id", "name", "owner", "proxyUser", "state", "appId", "appInfo", "log");
      assertThat(batch.path("id").isInt()).isTrue();
      assertThat(batch.path("appId").isNull()).isTrue();
      assertThat(fields(batch.path("appInfo")))
          .contains("driverLogUrl", "sparkUiUrl", "executorLogUrls");
      assertThat(batch.path("log").isArray()).isTrue();
    }

    @Test
    void idsBeginAtOneAndGrow() {
      int first = Integer.parseInt(client.submit("exit 0"));
      int second = Integer.parseInt(client.submit("exit 0"));

      assertThat(first).isPositive();
      assertThat(second).isEqualTo(first + 1);
    }

    @Test
    void nullIsTheSameAsAbsent() {
      Reply reply =
          client.post(
              "{\"file\":\"s3a://code/job.jar\",\"args\":null,\"name\":null,\"conf\":null,\"numExecutors\":null,\"proxyUser\":null}");

      assertThat(reply.status()).isEqualTo(201);
    }

    @Test
    void everyFieldArrivesInTheArgumentList() throws Exception {
      Reply reply =
          client.post(
              """
              {"file":"s3a://code/job.jar","className":"dev.Main","name":"everything","queue":"nightly",
               "driverMemory":"512m","executorMemory":"1g","driverCores":1,"executorCores":"2","numExecutors":"3",
               "args":["print every field"],"jars":["s3a://code/a.jar","s3a://code/b.jar"],"pyFiles":["s3a://code/p.py"],
               "files":["s3a://code/f.txt#f"],"archives":["s3a://code/z.zip#z"],
               "conf":{"spark.executor.instances":3,"spark.speculation":true,"spark.app.note":"a b"}}
              """);

      client.awaitState(reply.id(), "success");
      assertThat(endpoint.submit().starts())
          .contains(
              "--master yarn --deploy-mode client --class dev.Main --name everything --queue nightly --driver-memory 512m"
                  + " --executor-memory 1g --driver-cores 1 --executor-cores 2 --num-executors 3"
                  + " --jars s3a://code/a.jar,s3a://code/b.jar --py-files s3a://code/p.py --files s3a://code/f.txt#f"
                  + " --archives s3a://code/z.zip#z --conf spark.app.note=a b"
                  + " --conf spark.driver.defaultJavaOptions=-XX:TieredStopAtLevel=1"
                  + " --conf spark.executor.instances=3 --conf spark.speculation=true --conf spark.yarn.submit.waitAppCompletion=true --conf spark.yarn.tags="
                  + reply.json().path("tag").asText()
                  + " s3a://code/job.jar print every field");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{",
          "[]",
          "null",
          "\"x\"",
          "{}",
          "{\"file\":5}",
          "{\"file\":\"s3a://code/a.jar\"}{}",
          "{\"file\":\"s3a://code/a.jar\",\"file\":\"s3a://code/a.jar\"}",
          "{\"file\":\"s3a://code/a.jar\",\"unknown\":1}",
          "{\"file\":\"s3a://code/a.jar\",\"args\":\"x\"}",
          "{\"file\":\"s3a://code/a.jar\",\"args\":[1]}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":1.5}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":-1}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":\"1x\"}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":true}",
          "{\"file\":\"s3a://code/a.jar\",\"conf\":[]}",
          "{\"file\":\"s3a://code/a.jar\",\"conf\":{\"spark.x\":{}}}",
          "{\"file\":\"s3a://code/a.jar\",\"name\":\"123\"}",
          "{\"file\":\"s3a://code/a.jar\",\"name\":\"12345678901234567890\"}",
          "{\"file\":\"s3a://code/a.jar\",\"name\":\"\"}",
          "{\"file\":null}",
          "{\"file\":\"s3a://code/a.jar\",\"args\":[null]}",
          "{\"file\":\"s3a://code/a.jar\",\"args\":[\"\\ud800\"]}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":\"\"}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":\" 1\"}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":99999999999999999999}",
          "{\"file\":\"s3a://code/a.jar\",\"driverCores\":\"0\"}",
          "{\"file\":\"s3a://code/a.jar\",\"numExecutors\":NaN}",
          "{\"file\":\"s3a://code/a.jar\",\"Args\":[]}",
          "{\"FILE\":\"s3a://code/a.jar\"}"
        })
    void aBodyThatIsNotUnderstoodIs400(String body) {
      Reply reply = client.send("POST", "/batches", body);

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.message()).startsWith("Rejected, Reason: ");
    }

    /** As pylivy's and Airflow's examples send them. */
    @Test
    void confThatIsNotSparksIsTakenAndSaidInTheLog() {
      String id =
          client
              .post(
                  "{\"file\":\"s3a://code/job.jar\",\"args\":[\"exit 0\"],"
                      + "\"conf\":{\"a\":1,\"spark.x\":true,\"b\":\"\"}}")
              .id();
      client.awaitState(id, "success");

      assertThat(client.log(id))
          .last()
          .isEqualTo(
              "caravan: left out of conf, since Spark's settings begin with 'spark.': 'a', 'b'");
    }

    @ParameterizedTest
    @CsvSource({
      "team/daily job, team%2Fdaily%20job",
      "мир, %D0%BC%D0%B8%D1%80",
      "a+b, a+b",
      "1st, 1st",
      "12345678901x, 12345678901x"
    })
    void aBatchIsFoundByItsNameInEveryCall(String name, String path) {
      String id =
          client
              .post(
                  "{\"file\":\"s3a://code/job.jar\",\"name\":\""
                      + name
                      + "\",\"args\":[\"exit 0\"]}")
              .id();
      client.awaitState(path, "success");

      assertThat(client.get("/batches/" + path).id()).isEqualTo(id);
      assertThat(client.get("/batches/" + path + "/log").id()).isEqualTo(id);
      assertThat(client.delete("/batches/" + path).message()).isEqualTo("deleted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.0", "12345678901234567890", "1;x=1", "%31%32%33%34%35"})
    void whatLooksLikeANumberAndIsNoneOfOursIsNotFound(String id) {
      assertThat(client.get("/batches/" + id).status()).isEqualTo(404);
      assertThat(client.get("/batches/" + id + "/state").message()).endsWith("' not found.");
    }

    @Test
    void aNameIsTakenOnlyWhileItsBatchLives() {
      String named = "{\"file\":\"s3a://code/job.jar\",\"name\":\"daily\",\"args\":[\"%s\"]}";
      String first = client.post(named.formatted("stay")).id();
      assertThat(client.get("/batches/daily").id()).isEqualTo(first);

      Reply refused = client.post(named.formatted("exit 0"));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.message()).contains("'daily' is taken by batch " + first);

      client.delete("/batches/daily");
      Reply dayTwo = client.post(named.formatted("exit 0"));
      assertThat(dayTwo.status()).isEqualTo(201);
      client.awaitState("daily", "success");
      assertThat(client.get("/batches/daily").id()).isEqualTo(dayTwo.id());
    }
  }

  @Nested
  class States {
    @Test
    void exitCodeBecomesState() {
      String good = client.submit("exit 0");
      String bad = client.submit("print SUCCEEDED", "exit 7");

      client.awaitState(good, "success");
      client.awaitState(bad, "dead");
      JsonNode batch = client.get("/batches/" + bad).json();
      assertThat(batch.path("exitCode").asInt()).isEqualTo(7);
      assertThat(batch.path("reason").asText()).isEqualTo("it ended with exit code 7");
    }

    @Test
    void runningUntilTheProcessEndsAndPostIsAsGet() {
      String id = client.submit("stay");
      client.awaitState(id, "running");

      assertThat(client.send("POST", "/batches/" + id + "/log", "not even JSON").id())
          .isEqualTo(id);
      Reply posted = client.send("POST", "/batches/" + id + "/state", "{\"ignored\":1}");
      assertThat(posted.response().body()).isEqualTo("{\"id\":" + id + ",\"state\":\"running\"}");
      client.delete("/batches/" + id);
    }

    @Test
    void deleteAnswersWhenTheBatchHasEndedAndHidesIt() throws Exception {
      String id = client.submit("stay");
      client.awaitState(id, "running");

      Reply reply = client.delete("/batches/" + id);

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.response().body()).isEqualTo("{\"msg\":\"deleted\"}");
      JsonNode outcome = TestEndpoint.document(directory, id, "outcome.json");
      assertThat(outcome.path("state").asText()).isEqualTo("KILLED");
      assertThat(outcome.path("reason").asText()).contains("deleted by 'anybody'");
      assertThat(client.get("/batches/" + id).status()).isEqualTo(404);
      assertThat(client.delete("/batches/" + id).message())
          .isEqualTo("Session '" + id + "' not found.");
    }

    /** pylivy's kill(): DELETE, and what it asks next. Airflow's on_kill asks no more. */
    @Test
    void aFinishedBatchIsDeletedFromTheList() {
      String id = client.submit("exit 0");
      client.awaitState(id, "success");

      assertThat(client.delete("/batches/" + id).message()).isEqualTo("deleted");

      assertThat(client.get("/batches/" + id + "/state").status()).isEqualTo(404);
      assertThat(client.get("/batches?size=-1").json().findValuesAsText("id")).doesNotContain(id);
    }
  }

  @Nested
  class Listing {
    @Test
    void isPagedOldestFirst() {
      for (int i = 0; i < 3; i++) {
        client.submit("exit 0");
      }
      JsonNode all = client.get("/batches?size=-1").json();
      int total = all.path("total").asInt();

      assertThat(all.path("sessions")).hasSize(total);
      JsonNode page = client.get("/batches?from=1&size=2").json();
      assertThat(page.path("from").asInt()).isEqualTo(1);
      assertThat(page.path("sessions")).hasSize(2);
      assertThat(page.path("sessions").get(0).path("id"))
          .isEqualTo(all.path("sessions").get(1).path("id"));
      assertThat(client.get("/batches?from=100000").json().path("sessions")).isEmpty();
      assertThat(client.get("/batches?size=0").json().path("sessions")).isEmpty();
      JsonNode below = client.get("/batches?from=-7&size=1").json();
      assertThat(below.path("from").asInt()).isZero();
      assertThat(below.path("sessions").get(0).path("id"))
          .isEqualTo(all.path("sessions").get(0).path("id"));
      JsonNode last = client.get("/batches?size=99999999999&from=" + (total - 1)).json();
      assertThat(last.path("sessions")).hasSize(1);
      assertThat(last.path("total").asInt()).isEqualTo(total);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "from=",
          "size=",
          "from=1.0",
          "size=1e3",
          "from=%20",
          "from=1%27",
          "from=99999999999999999999"
        })
    void numbersThatAreNoneAre400(String query) {
      assertThat(client.get("/batches?" + query).message())
          .startsWith("Rejected, Reason: the query");
      String id = client.submit("exit 0");
      assertThat(client.get("/batches/" + id + "/log?" + query).status()).isEqualTo(400);
    }
  }

  @Nested
  class Logs {
    private final String id = finished();

    private static String finished() {
      String id = client.submit("print one", "print two", "complain three", "exit 3");
      client.awaitState(id, "dead");
      return id;
    }

    @Test
    void areFramedAsLivyDoesAndSayTheEndFirst() {
      assertThat(client.log(id))
          .containsExactly(
              "stdout: ",
              "caravan: batch " + id + ", dead, application not known",
              "caravan: exit code 3",
              "caravan: it ended with exit code 3",
              "caravan: this log is not shipped anywhere",
              "one",
              "two",
              "\nstderr: ",
              "three",
              "\nYARN Diagnostics: ");
    }

    @ParameterizedTest
    @CsvSource({
      "'', 0, 10",
      "?from=0&size=2, 0, 2",
      "?size=2, 8, 2",
      "?from=-5&size=3, 7, 3",
      "?from=5, 5, 5",
      "?from=3&size=-1, 3, 7",
      "?from=-1&size=-1, 0, 10",
      "?from=9&size=100, 9, 1",
      "?from=10, 10, 0",
      "?from=100&size=5, 100, 0",
      "?size=0, 10, 0",
      "?from=0&size=0, 0, 0",
      "?from=99999999999&size=99999999999, 99999999999, 0"
    })
    void arePaged(String query, long from, int lines) {
      JsonNode page = client.get("/batches/" + id + "/log" + query).json();

      assertThat(page.path("id").asText()).isEqualTo(id);
      assertThat(page.path("from").asLong()).isEqualTo(from);
      assertThat(page.path("total").asLong())
          .as(() -> String.join("\n", client.log(id)))
          .isEqualTo(10);
      assertThat(page.path("log")).hasSize(lines);
    }

    @Test
    void canBeReadByPost() {
      assertThat(
              client
                  .send("POST", "/batches/" + id + "/log?from=5&size=1", "")
                  .json()
                  .path("log")
                  .get(0)
                  .asText())
          .isEqualTo("one");
    }

    @Test
    void theBatchShowsTheLastTenLines() {
      String many = client.submit("lines 50");
      client.awaitState(many, "success");

      List<String> shown = new ArrayList<>();
      client.get("/batches/" + many).json().path("log").forEach(line -> shown.add(line.asText()));
      assertThat(shown)
          .hasSize(10)
          .startsWith("43", "44")
          .endsWith("50", "\nstderr: ", "\nYARN Diagnostics: ");
    }
  }

  @Nested
  class Keys {
    @Test
    void theSameKeyAndBodyAgainStartNothing() throws Exception {
      Reply first =
          client.post(Client.body("print once"), "Idempotency-Key", "run/job/2026-11-01/1");
      Reply again =
          client.post(Client.body("print once"), "Idempotency-Key", "run/job/2026-11-01/1");
      Reply other =
          client.post(Client.body("print twice"), "Idempotency-Key", "run/job/2026-11-01/1");

      assertThat(first.header("Idempotent-Replay")).isEmpty();
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.header("Idempotent-Replay")).isEqualTo("true");
      assertThat(again.header("Location")).isEqualTo("/batches/" + first.id());
      assertThat(other.status()).isEqualTo(409);
      assertThat(other.message()).contains("batch " + first.id());
      client.awaitState(first.id(), "success");
      assertThat(endpoint.submit().starts())
          .filteredOn(start -> start.endsWith("print once"))
          .hasSize(1);
    }

    @Test
    void theOrderOfFieldsIsNotAnotherBody() {
      Reply first =
          client.post(
              "{\"file\":\"s3a://code/job.jar\",\"args\":[\"exit 0\"]}",
              "Idempotency-Key",
              "order");
      Reply again =
          client.post(
              "{ \"args\":[\"exit 0\"], \"file\":\"s3a://code/job.jar\" }",
              "Idempotency-Key",
              "order");

      assertThat(again.id()).isEqualTo(first.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"has blank", "semi;colon", "ключ"})
    void aKeyOfAnotherFormIs400(String key) {
      String encoded =
          new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      assertThat(client.post(Client.body("exit 0"), "Idempotency-Key", encoded).status())
          .isEqualTo(400);
      assertThat(client.post(Client.body("exit 0"), "Idempotency-Key", "k".repeat(129)).status())
          .isEqualTo(400);
    }
  }

  private static List<String> fields(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
