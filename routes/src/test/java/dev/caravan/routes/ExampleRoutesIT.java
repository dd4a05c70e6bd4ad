package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.parquet.ParquetFile;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** The examples of docs/examples, as they stand there, in place of the shipped routes. */
class ExampleRoutesIT {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);

  @TempDir static Path common;
  private static S3Server s3;

  @TempDir Path directory;
  private LocalWorld world;
  private HttpReceiver service;

  @BeforeAll
  static void startS3() throws Exception {
    s3 = S3Server.start(Path.of("..", "local-cloud", "s3", "target", "s3"), common.resolve("s3"));
    s3.createBucket("lake");
  }

  @AfterAll
  static void stopS3() {
    s3.close();
  }

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory, s3);
    service = HttpReceiver.start();
  }

  @AfterEach
  void end() {
    world.close();
    service.close();
  }

  /** Does what the first lines of the example's file say. */
  private void use(String example) throws IOException {
    Path from = EXAMPLES.resolve(example);
    List<Path> files;
    try (var found = Files.list(from)) {
      files = found.toList();
    }
    assertThat(files).hasSize(1);
    List<String> lines = Files.readAllLines(files.get(0));
    assertThat(lines.get(0)).isEqualTo("# caravan.routes.directory=my-routes");
    assertThat(lines.get(1)).startsWith("# caravan.routes.exclude=");
    world
        .set("caravan.routes.directory", from.toAbsolutePath().normalize().toString())
        .set("caravan.routes.exclude", lines.get(1).substring(lines.get(1).indexOf('=') + 1));
  }

  private Run run(LocalDate date) throws Exception {
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      application.run(LocalWorld.PIPELINE, date, false);
      return application.journal().runs().last(LocalWorld.PIPELINE, date).orElseThrow();
    }
  }

  @Test
  void anotherNotifierSendsPlainTextWithATitle() throws Exception {
    use("another-notifier");
    world
        .set("caravan.notify.phone.kind", "chat")
        .set("caravan.notify.phone.url", service.url("/phone"))
        .set("caravan.notify.team.kind", "chat")
        .set("caravan.notify.team.url", service.url("/team"))
        .schedule("cron", "0 0 1 1 *");
    try (CaravanApplication application =
        CaravanApplication.startServer(world.settings(), Clock.systemUTC())) {
      application.serve();
      application.journal().alarms().raise(AlarmKind.STOP_FAILED, "c9qtest", "no quota");
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.received().size() >= 2);
    }
    HttpReceiver.Received phone = service.received("/phone").get(0);
    assertThat(phone.headers().get("Title")).containsExactly("Caravan");
    assertThat(phone.headers().get("Content-type")).containsExactly("text/plain; charset=utf-8");
    assertThat(phone.body()).contains("c9qtest", "no quota").doesNotStartWith("{");
    assertThat(service.received("/team").get(0).body()).as("as shipped").startsWith("{\"text\"");
  }

  @Test
  void stepBeforeTheJobsKeepsTheClusterOffWithoutTheMarker() throws Exception {
    use("step-before-jobs");
    world.set("source.bucket", "lake");
    Run without = run(DATE);
    assertThat(without.state()).isEqualTo(RunState.FAILED);
    assertThat(without.failure().orElseThrow()).contains("events of 2026-01-02 are not complete");
    assertThat(world.starts()).isZero();

    s3.client()
        .putObject(
            request -> request.bucket("lake").key("events-complete/2026-01-02"),
            RequestBody.fromString(""));
    assertThat(run(DATE).state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(world.starts()).isEqualTo(1);
    assertThat(world.stops()).isEqualTo(1);
  }

  @Test
  void anotherVerificationFailsTheJobThatItsServiceRefuses() throws Exception {
    use("another-verification");
    Path rows = directory.resolve("rows.parquet");
    MessageType schema =
        MessageTypeParser.parseMessageType("message mart { required int64 user_id; }");
    try (ParquetFile parquet = ParquetFile.create(rows, schema)) {
      SimpleGroup row = new SimpleGroup(schema);
      row.add("user_id", 1L);
      parquet.write(row);
    }
    world
        .set("quality.address", service.url("").replace("http://", ""))
        .job("mart", "put " + rows + " " + s3.access().endpoint() + "/lake/mart/{date}/a.parquet")
        .jobKey("mart", "outputs", List.of(Map.of("at", "s3://lake/mart/{date}/")));
    assertThat(run(DATE).failure()).isEmpty();
    JsonNode asked = new ObjectMapper().readTree(service.received("/outputs").get(0).body());
    assertThat(asked.path("job").asText()).isEqualTo("mart");
    assertThat(asked.path("prefix").asText()).isEqualTo("mart/2026-01-02/");

    service.answerNext(422, Map.of(), "too few cities");
    Run refused = run(DATE.plusDays(1));
    assertThat(refused.state()).isEqualTo(RunState.FAILED);
    assertThat(refused.failure().orElseThrow()).contains("ask-quality-service", "422");
    assertThat(world.stops()).isEqualTo(2);
  }
}
