package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Logs on their way to S3: while they grow, at the end, and while S3 or the endpoint is away. */
@Tag("slow")
class LogShippingTest {
  private static final int CHUNK = 4 * 1024 * 1024;

  @TempDir Path directory;
  private FakeS3 s3;
  private TestEndpoint endpoint;
  private Client client;

  @BeforeEach
  void prepare() throws Exception {
    s3 = new FakeS3();
  }

  @AfterEach
  void stop() {
    s3.close();
    if (endpoint != null) {
      endpoint.close();
    }
  }

  private void start(String... more) throws Exception {
    List<String> settings = new ArrayList<>(List.of(s3.settings(directory)));
    settings.addAll(List.of(more));
    endpoint = TestEndpoint.start(directory, settings.toArray(String[]::new));
    client = endpoint.client();
  }

  private String address(String id) {
    return client.get("/batches/" + id).json().path("logAddress").asText();
  }

  private Path local(String id, String stream) {
    return directory.resolve("data/batches/00000" + id).resolve(stream);
  }

  private JsonNode awaitComplete(String address) {
    return await("the log at " + address + " to be complete")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(30))
        .until(() -> s3.manifest(address), manifest -> manifest.path("complete").asBoolean());
  }

  private void awaitLines(String address, String stream, int lines) {
    await(stream + " to have " + lines + " lines in S3")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(30))
        .until(
            () -> s3.manifest(address).path("streams").path(stream).path("lines").asInt() == lines);
  }

  @Test
  void aLogIsThereWhileItGrowsAndCompleteAtTheEnd() throws Exception {
    start();
    Path go = directory.resolve("go");
    String id = client.submit("print one", "complain two", "await " + go, "print three", "exit 3");
    String address = address(id);

    assertThat(address).matches("s3://logs/of/batches/caravan-1-[0-9a-f]{8}/");
    awaitLines(address, "stdout", 1);
    assertThat(s3.manifest(address).path("complete").asBoolean()).isFalse();
    assertThat(client.log(id).get(4)).isEqualTo("caravan: this log is shipped to " + address);
    Files.createFile(go);

    JsonNode manifest = awaitComplete(address);
    assertThat(s3.stream(address, "stdout")).asString().isEqualTo("one\nthree\n");
    assertThat(s3.stream(address, "stderr")).asString().isEqualTo("two\n");
    JsonNode batch = manifest.path("batch");
    assertThat(batch.path("state").asText()).isEqualTo("dead");
    assertThat(batch.path("exitCode").asInt()).isEqualTo(3);
    assertThat(batch.path("reason").asText()).isEqualTo("it ended with exit code 3");
    assertThat(manifest.path("head").get(1).asText()).isEqualTo("caravan: exit code 3");
    assertThat(s3.headers())
        .allSatisfy(
            sent -> assertThat(sent.getFirst("Authorization")).startsWith("AWS4-HMAC-SHA256"));
  }

  @Test
  void junkAndEndlessLinesAreShippedByteForByteInBoundedChunks() throws Exception {
    start();
    String id = client.submit("print first", "line 6000000", "junk 3500000", "print end", "line 5");
    String address = address(id);

    JsonNode stdout = awaitComplete(address).path("streams").path("stdout");

    byte[] file = Files.readAllBytes(local(id, "stdout"));
    assertThat(Arrays.equals(s3.stream(address, "stdout"), file)).isTrue();
    assertThat(s3.puts())
        .contains(
            FakeS3.path(address) + "stdout/000000000000",
            FakeS3.path(address) + "stdout/000004194304",
            FakeS3.path(address) + "stdout/000008388608");
    assertThat(stdout.path("bytes").asLong()).isEqualTo(file.length);
    assertThat(stdout.path("linesBefore").get(1).asInt()).isEqualTo(1);
    assertThat(stdout.path("linesBefore").get(2).asLong()).isEqualTo(newlines(file, 2 * CHUNK));
    assertThat(stdout.path("lines").asLong()).isEqualTo(newlines(file, file.length) + 1);
  }

  private static long newlines(byte[] bytes, int end) {
    long found = 0;
    for (int i = 0; i < end; i++) {
      found += bytes[i] == '\n' ? 1 : 0;
    }
    return found;
  }

  @Test
  void aHangingS3IsNotFeltByPollsAndBatches() throws Exception {
    s3.hang();
    start();
    String first = client.submit("print one");
    await().atMost(Duration.ofSeconds(20)).until(s3::hasHung);

    String second = client.submit("stay");
    client.awaitState(first, "success");
    client.awaitState(second, "running");
    assertThat(client.log(first)).contains("one");
    String shipped = address(second);
    assertThat(client.delete("/batches/" + second).message()).isEqualTo("deleted");
    assertThat(s3.puts()).isEmpty();

    s3.release();
    awaitComplete(address(first));
    awaitComplete(shipped);
  }

  @Test
  void aLostS3IsSaidOnceAndCaughtUpWith() throws Exception {
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("dev.caravan.endpoint.shipping");
    said.start();
    logger.addAppender(said);
    try {
      start();
      Path go = directory.resolve("go");
      String id = client.submit("print one", "await " + go, "print two");
      String address = address(id);
      awaitLines(address, "stdout", 1);

      s3.refusing(true);
      Files.createFile(go);
      client.awaitState(id, "success");
      await().atMost(Duration.ofSeconds(20)).until(() -> s3.refusals() >= 3);
      assertThat(s3.manifest(address).path("complete").asBoolean()).isFalse();
      s3.refusing(false);

      awaitComplete(address);
      assertThat(s3.stream(address, "stdout")).asString().isEqualTo("one\ntwo\n");
      endpoint.close(); // waits for the shipping, so that it has logged all that it will
      assertThat(said.list)
          .filteredOn(event -> event.getLevel() == Level.INFO)
          .singleElement()
          .satisfies(
              event -> assertThat(event.getFormattedMessage()).contains("S3 takes logs again"));
      assertThat(said.list)
          .filteredOn(event -> event.getLevel() == Level.WARN)
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getFormattedMessage()).contains("doesn't take logs", "503"));
    } finally {
      logger.detachAppender(said);
    }
  }

  @Test
  void theNextEndpointGoesOnWhereTheFormerOneWasCutOff() throws Exception {
    start("endpoint.on-stop", "leave");
    Path go = directory.resolve("go");
    String id = client.submit("line 5000000", "await " + go, "print end");
    String address = address(id);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                s3.manifest(address).path("streams").path("stdout").path("bytes").asInt()
                    == 5_000_000);
    s3.refusing(true);
    endpoint.close();
    Files.createFile(go);
    int before = s3.puts().size();

    s3.refusing(false);
    start();

    awaitComplete(address);
    assertThat(s3.stream(address, "stdout")).hasSize(5_000_000 + "end\n".length());
    // The first piece was full when the former endpoint sent it for the last time.
    assertThat(s3.puts().subList(before, s3.puts().size()))
        .doesNotContain(FakeS3.path(address) + "stdout/000000000000");
    assertThat(address(id)).isEqualTo(address);
    // What is complete is left alone by the endpoint after that.
    int puts = s3.puts().size();
    endpoint.close();
    start();
    awaitComplete(address(client.submit("exit 0")));
    assertThat(s3.puts().subList(puts, s3.puts().size()))
        .noneMatch(key -> key.startsWith(FakeS3.path(address)));
  }

  @Test
  void aStopShipsWhatThereIs() throws Exception {
    start("endpoint.logs-interval", "1h", "endpoint.on-stop", "leave");
    Path go = directory.resolve("go");
    String id = client.submit("print one", "await " + go);
    String address = address(id);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(local(id, "stdout")) && Files.size(local(id, "stdout")) == 4);

    endpoint.close();

    assertThat(s3.stream(address, "stdout")).asString().isEqualTo("one\n");
    assertThat(s3.manifest(address).path("complete").asBoolean()).isFalse();
    start();
    Files.createFile(go);
    awaitComplete(address);
  }

  @Test
  void withoutAKeyTheMachinesAccountIsUsedAndItsTokenKept() throws Exception {
    start("endpoint.s3-credentials-file", "", "endpoint.metadata", s3.url());
    String address = address(client.submit("print one"));

    awaitComplete(address);

    assertThat(s3.tokensGiven()).isEqualTo(1);
    for (Headers sent : s3.headers()) {
      assertThat(sent.getFirst("X-YaCloud-SubjectToken")).isEqualTo("token-1");
      assertThat(sent.containsKey("Authorization")).isFalse();
    }
  }

  @Test
  void aLogThatNobodyShipsHasNoAddress() throws Exception {
    endpoint = TestEndpoint.start(directory);
    client = endpoint.client();
    String id = client.submit("exit 0");

    assertThat(client.get("/batches/" + id).json().path("logAddress").isNull()).isTrue();
    assertThat(client.log(id).get(4)).isEqualTo("caravan: this log is not shipped anywhere");
  }

  @Test
  void theSummaryThatAJobLeavesIsKeptAndShipped() throws Exception {
    start();
    String id = client.submit("summary {\\\"rows\\\": 3}", "exit 1");
    String none = client.submit("exit 0");
    client.awaitState(id, "dead");

    assertThat(client.get("/batches/" + id).json().path("summary").toString())
        .isEqualTo("{\"rows\":3}");
    assertThat(awaitComplete(address(id)).path("batch").path("summary").path("rows").asInt())
        .isEqualTo(3);
    client.awaitState(none, "success");
    assertThat(client.get("/batches/" + none).json().path("summary").isNull()).isTrue();
    endpoint.close();
    start();
    assertThat(client.get("/batches/" + id).json().path("summary").path("rows").asInt())
        .isEqualTo(3);
  }

  @Test
  void whatIsNoSummaryIsSaidAndNotKept() throws Exception {
    start();
    List<String> wrong =
        List.of("summary [1]", "summary {broken", "long-summary 70000", "pipe-summary");
    List<String> why =
        List.of("not a JSON object", "not JSON", "longer than 65536 bytes", "not a plain file");
    for (int i = 0; i < wrong.size(); i++) {
      String id = client.submit(wrong.get(i));
      client.awaitState(id, "success");
      assertThat(client.get("/batches/" + id).json().path("summary").isNull()).isTrue();
      assertThat(client.log(id).get(client.log(id).size() - 1))
          .startsWith("caravan: the job's summary is not kept: ")
          .contains(why.get(i));
      awaitComplete(address(id));
      assertThat(new String(s3.stream(address(id), "notes"), StandardCharsets.UTF_8))
          .contains(why.get(i));
    }
  }
}
