package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.cloud.parquet.ParquetFile;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The shipped routes against a real S3 server: a job that ends with success has still failed when
 * what it left isn't what it promised.
 */
class VerificationIT {
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message mart { required int64 user_id; required binary city (STRING); }");

  @TempDir static Path common;
  private static S3Server s3;
  private static Path threeRows;

  @TempDir Path directory;
  private final String bucket = "lake-" + UUID.randomUUID();
  private LocalWorld world;

  @BeforeAll
  static void startS3() throws Exception {
    s3 = S3Server.start(Path.of("..", "local-cloud", "s3", "target", "s3"), common.resolve("s3"));
    threeRows = common.resolve("three-rows.parquet");
    try (ParquetFile parquet = ParquetFile.create(threeRows, SCHEMA)) {
      for (long user = 1; user <= 3; user++) {
        SimpleGroup row = new SimpleGroup(SCHEMA);
        row.add("user_id", user);
        row.add("city", "Perth");
        parquet.write(row);
      }
    }
  }

  @AfterAll
  static void stopS3() {
    s3.close();
  }

  @BeforeEach
  void create() throws IOException {
    s3.createBucket(bucket);
    world = LocalWorld.create(directory, s3);
    world
        .job(
            "mart",
            "put "
                + threeRows
                + " "
                + s3.access().endpoint()
                + "/"
                + bucket
                + "/mart/date={date}/part-0.parquet")
        .output("mart", "s3://" + bucket + "/mart/date={date}/", 3, "user_id", "city");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private record Outcome(Run run, JobRun job, List<JobOutput> outputs) {}

  private Outcome run() throws Exception {
    return run(DATE);
  }

  private Outcome run(LocalDate date) throws Exception {
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      application.run(LocalWorld.PIPELINE, date, false);
      Run run = application.journal().runs().last("datamarts", date).orElseThrow();
      assertThat(application.journal().sessions().of(run).orElseThrow().stoppedAt()).isPresent();
      return new Outcome(
          run,
          application.journal().jobs().find(run, "mart").orElseThrow(),
          application.journal().jobs().outputs(run));
    }
  }

  private void assertBroken(Outcome outcome, String... words) {
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow())
        .contains("mart ended with success, but")
        .contains(words)
        .doesNotContain("\n");
    assertThat(outcome.job().state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void whatKeepsItsPromiseIsVerifiedAndCounted() throws Exception {
    Outcome outcome = run();
    assertThat(outcome.run().failure()).isEmpty();
    assertThat(outcome.run().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(outcome.job().state()).isEqualTo(JobState.VERIFIED);
    assertThat(outcome.outputs()).hasSize(1);
    assertThat(outcome.outputs().get(0).rowCount()).contains(3L);
    assertThat(outcome.outputs().get(0).objects()).isEqualTo(1);
    assertThat(outcome.outputs().get(0).location())
        .isEqualTo("s3://" + bucket + "/mart/date=2026-01-02/");
  }

  /** A key is no URI: routes and verifier look under the very name, undecoded. */
  @Test
  void theKeyOfAnOutputIsLiteral() throws Exception {
    String key = "a %3A+#?&=x//(день)$1;,/date=2026-01-02/";
    String encoded =
        URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    world
        .args(
            "mart",
            "put "
                + threeRows
                + " "
                + s3.access().endpoint()
                + "/"
                + bucket
                + "/"
                + encoded
                + "part-0.parquet")
        .output("mart", "s3://" + bucket + "/" + key, 3, "user_id", "city");
    Outcome outcome = run();
    assertThat(outcome.run().failure()).isEmpty();
    assertThat(outcome.outputs().get(0).rowCount()).contains(3L);
    assertThat(outcome.outputs().get(0).location()).isEqualTo("s3://" + bucket + "/" + key);
  }

  /** As of an application that makes several datamarts: each has its own contract. */
  @Test
  void everyOutputOfAJobIsVerified() throws Exception {
    Map<String, Object> kept = output("s3://" + bucket + "/mart/date={date}/", 3);
    world.jobKey("mart", "outputs", List.of(kept, output("s3://" + bucket + "/mart/", 1)));
    Outcome outcome = run();
    assertThat(outcome.run().failure()).isEmpty();
    assertThat(outcome.outputs())
        .extracting(JobOutput::location)
        .containsExactly("s3://" + bucket + "/mart/date=2026-01-02/", "s3://" + bucket + "/mart/");

    world.jobKey("mart", "outputs", List.of(kept, output("s3://" + bucket + "/other/", 1)));
    s3.client().deleteObject(it -> it.bucket(bucket).key("mart/date=2026-01-02/part-0.parquet"));
    Outcome broken = run(DATE.plusDays(1));
    assertBroken(broken, bucket + "/other/");
    assertThat(broken.outputs()).as("what was verified stays on record").hasSize(1);
  }

  @Test
  void rowsAreComparedWithThoseOfEarlierRuns() throws Exception {
    world.jobKey("mart", "outputs", List.of(output("1..2")));
    assertThat(run().run().failure()).as("there are none yet").isEmpty();
    assertThat(run(DATE.plusDays(1)).run().failure()).isEmpty();

    world.jobKey("mart", "outputs", List.of(output("2..3")));
    assertBroken(run(DATE.plusDays(2)), "2 to 3 times the median 3 of its last runs, found 3");
  }

  private Map<String, Object> output(String ofMedian) {
    return Map.of(
        "at", "s3://" + bucket + "/mart/date={date}/", "rows", Map.of("of-median", ofMedian));
  }

  private static Map<String, Object> output(String at, int minRows) {
    return Map.of("at", at, "rows", Map.of("min", minRows));
  }

  private String peek(int exitCode, String... words) throws IOException {
    StringWriter said = new StringWriter();
    List<String> command = new ArrayList<>(List.of("peek"));
    command.addAll(List.of(words));
    command.addAll(List.of("--config", world.settingsFile().toString(), "--utc"));
    int code =
        Caravan.commandLine("peek")
            .setOut(new PrintWriter(said, true))
            .setErr(new PrintWriter(said, true))
            .execute(command.toArray(String[]::new));
    assertThat(code).as(said::toString).isEqualTo(exitCode);
    return said.toString()
        .replace("caravan: no server runs with these settings: opening the journal itself\n", "");
  }

  @Test
  void peekShowsWhatARunLeft() throws Exception {
    run();
    String whole = peek(0, "datamarts");
    assertThat(whole.replaceAll("written [0-9: Z-]+", "written NOW"))
        .isEqualTo(
            """
            run datamarts/2026-01-02/1: SUCCEEDED

            1 s3://%s/mart/date=2026-01-02/
            3 rows in 1 object (parquet), %d bytes, written NOW
            columns: user_id bigint, city string

            user_id  city
            -------  -----
                  1  Perth
                  2  Perth
                  3  Perth
            """
                .formatted(bucket, Files.size(threeRows)));
    for (String same : List.of("2026-01-02", "datamarts/2026-01-02", "datamarts/2026-01-02/1")) {
      assertThat(peek(0, same)).isEqualTo(whole);
    }
    assertThat(peek(0, "datamarts", "mart", "--rows", "1", "-o", "csv"))
        .isEqualTo("user_id,city\n1,Perth\n");
    assertThat(peek(0, "datamarts", "1", "--rows", "0", "-o", "json"))
        .contains("\"rows\" : 3", "\"firstRows\" : [ ]", "\"user_id\" : \"bigint\"");
    assertThat(peek(1, "datamarts", "other"))
        .isEqualTo(
            "caravan: Run datamarts/2026-01-02/1 has no output 'other'; there are 1 s3://"
                + bucket
                + "/mart/date=2026-01-02/.\n");
  }

  @Test
  void peekOfABrokenOutputSaysWhatIsThere() throws Exception {
    world.output("mart", "s3://" + bucket + "/mart/date={date}/", 4, "user_id", "city");
    run();
    assertThat(peek(1, "datamarts"))
        .isEqualTo(
            "caravan: No run of datamarts has succeeded yet; peek PIPELINE/DATE shows what another one left.\n");
    assertThat(peek(0, "2026-01-02", "--rows", "1"))
        .contains(
            "run datamarts/2026-01-02/1: FAILED",
            "3 rows in 1 object (parquet)",
            "Not verified: the run did not get so far, or the output broke its contract.",
            "      1  Perth");
    s3.client().deleteObject(it -> it.bucket(bucket).key("mart/date=2026-01-02/part-0.parquet"));
    assertThat(peek(0, "2026-01-02")).contains("nothing lies there", "Not verified: ");
  }

  @Test
  void nothingIsDeletedByReading() throws Exception {
    run();
    assertThat(s3.client().listObjectsV2(request -> request.bucket(bucket)).keyCount())
        .isEqualTo(1);
  }

  @Test
  void emptyOutputIsAFailure() throws Exception {
    world.args("mart", "exit 0");
    assertBroken(run(), "0", bucket);
  }

  @Test
  void outputOlderThanTheRunIsAFailure() throws Exception {
    s3.client()
        .putObject(
            request -> request.bucket(bucket).key("mart/date=2026-01-02/part-0.parquet"),
            RequestBody.fromFile(threeRows));
    long second = Instant.now().getEpochSecond();
    // S3 keeps whole seconds: only in the next one is the object older than the run.
    await().atMost(Duration.ofSeconds(5)).until(() -> Instant.now().getEpochSecond() > second);
    world.args("mart", "exit 0");
    assertBroken(run(), "since the run began", "found 1 of 1 objects older");
  }

  @Test
  void fewerRowsThanPromisedIsAFailure() throws Exception {
    world.output("mart", "s3://" + bucket + "/mart/date={date}/", 4, "user_id", "city");
    assertBroken(run(), "4", "3");
  }

  @Test
  void aMissingColumnIsAFailure() throws Exception {
    world.output("mart", "s3://" + bucket + "/mart/date={date}/", 3, "user_id", "zone_id");
    assertBroken(run(), "zone_id");
  }

  @Test
  void aMissingBucketIsNamed() throws Exception {
    world.args("mart", "exit 0").output("mart", "s3://no-such-bucket/mart/date={date}/", 1);
    Outcome outcome = run();
    assertThat(outcome.run().state()).isEqualTo(RunState.FAILED);
    assertThat(outcome.run().failure().orElseThrow())
        .contains("no-such-bucket")
        .doesNotContain("\n");
  }
}
