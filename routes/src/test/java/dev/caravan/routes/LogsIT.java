package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.s3.S3Access;
import dev.caravan.cloud.s3.S3Server;
import dev.caravan.processors.batches.Batch;
import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.BatchRequest;
import dev.caravan.processors.journal.JobState;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.logs.ShippedLog;
import dev.caravan.processors.logs.ShippedLogs;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Location;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.cli.RunTable;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.ShippedJobLogs;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.batches.LogPage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Logs that the real endpoint ships to a real S3, and what the orchestrator reads there. */
class LogsIT {
  private static final LocalDate DATE = LocalDate.of(2026, 1, 2);
  private static final Duration BOUND = Duration.ofSeconds(30);

  @TempDir static Path common;
  private static S3Server s3;

  @TempDir Path directory;
  private Relay line;
  private LocalWorld world;
  private CamelContext camel;
  private BatchClient client;

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
  void create() throws Exception {
    S3Access access = s3.access();
    line = new Relay(access.endpoint());
    world =
        LocalWorld.create(
            directory,
            access,
            Map.of(
                "endpoint.logs-to", "s3://lake/logs",
                "endpoint.logs-interval", "100ms",
                "endpoint.s3-timeout", "2s",
                "endpoint.s3-endpoint", line.address().toString()));
    camel = new DefaultCamelContext();
    Settings settings = world.settings();
    S3Component.configure(camel, settings.s3());
    camel.start();
    client = new BatchClient(camel, settings.clusters().get(0).batches());
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    camel.close();
    world.close();
    line.close();
  }

  private Path file(String name, byte[] content) throws Exception {
    return Files.write(directory.resolve(name), content);
  }

  private record Submitted(int id, S3Location address) {}

  private Submitted submit(String key, String... args) throws Exception {
    BatchRequest request =
        BatchRequest.of("local:/jobs/jobs.jar", "a.Main", "logs-" + key, List.of(args), Map.of());
    Batch batch =
        client.submit(world.cluster.uri(), request, IdempotencyKey.of("pipeline", key, DATE, 1));
    return new Submitted(batch.id(), S3Location.of(batch.logAddress().orElseThrow()));
  }

  private ShippedLog awaitComplete(S3Location address) {
    ShippedLogs logs = new ShippedLogs(camel);
    return await("the log at " + address + " to be complete")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions() // this S3 overwrites in place: a document may be seen in part
        .until(
            () -> logs.find(address),
            found -> found.filter(log -> log.manifest().complete()).isPresent())
        .orElseThrow();
  }

  @Test
  void aPageFromS3IsThePageOfTheEndpoint() throws Exception {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("one\r\n\n");
    random.ints(40_000, 0, 240).forEach(length -> text.append("ж".repeat(length / 2)).append('\n'));
    text.append("x".repeat(9_000_000)).append("\nafter the long one\n");
    byte[] junk = new byte[200_000];
    random.nextBytes(junk);
    world.cluster.start();
    Submitted batch =
        submit(
            "golden",
            "print",
            file("out", text.toString().getBytes(StandardCharsets.UTF_8)).toString(),
            file("err", junk).toString());
    ShippedLog shipped = awaitComplete(batch.address());
    int total = Math.toIntExact(shipped.page(0, 0).total());

    for (int from :
        new int[] {
          -1, 0, 1, 4, 5, 6, 34_950, 40_006, 40_007, 40_008, 40_009, total - 1, total, total + 9
        }) {
      for (int size : new int[] {1, 3, 100}) {
        assertSamePage(batch, shipped, from, size);
      }
    }
    assertSamePage(batch, shipped, 0, -1);
    assertSamePage(batch, shipped, 30_000, -1);
    assertSamePage(batch, shipped, 7, 0);
    assertSamePage(batch, shipped, -1, -1);
  }

  private void assertSamePage(Submitted batch, ShippedLog shipped, int from, int size) {
    LogPage endpoint = client.log(world.cluster.uri(), batch.id(), from, size).orElseThrow();
    LogPage s3 = shipped.page(from, size);
    assertThat(shipped.manifest().batchId()).isEqualTo(batch.id());
    assertThat(s3.from()).as("from %d size %d", from, size).isEqualTo(endpoint.from());
    assertThat(s3.total()).isEqualTo(endpoint.total());
    // Compared whole: lines of junk make no good message.
    assertThat(s3.lines().equals(endpoint.lines())).as("from %d size %d", from, size).isTrue();
  }

  @Test
  void aLineToS3ThatIsCutDelaysTheLogAndNothingElse() throws Exception {
    world.cluster.start();
    Path out = file("out", "to be shipped\n".getBytes(StandardCharsets.UTF_8));
    Submitted before = submit("before", "exit", "0");
    awaitComplete(before.address());

    line.cut();
    Submitted during = submit("during", "print", out.toString(), out.toString());
    await()
        .atMost(BOUND)
        .until(
            () ->
                client.get(world.cluster.uri(), during.id()).filter(Batch::isFinished).isPresent());
    assertThat(new ShippedLogs(camel).find(during.address())).isEmpty();
    line.mend();

    assertThat(awaitComplete(during.address()).page(-1, 20).lines()).contains("to be shipped");
  }

  @Test
  void aLogThatIsNotInS3YetComesFromTheClusterAsLongAsItIsThere() throws Exception {
    Path out = file("out", "a line\n".getBytes(StandardCharsets.UTF_8));
    world
        .job("first", "print " + out + " /dev/null")
        .addJob("second", "await " + directory.resolve("never"))
        .schedule("cron", "0 0 1 1 *");
    line.cut();
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      CompletableFuture.runAsync(() -> application.run(LocalWorld.PIPELINE, DATE, false));
      String run = "datamarts/" + DATE + "/1";
      await()
          .atMost(BOUND)
          .until(
              () ->
                  application.journal().runs().find(run).stream()
                      .flatMap(found -> application.journal().jobs().latest(found).stream())
                      .anyMatch(job -> job.state() == JobState.SUCCEEDED));
      LogRequest request = new LogRequest(run, "first", Optional.empty(), 0, 500);

      LogView log = application.controlPlane().log(request);
      assertThat(log.source()).isEqualTo(LogView.Source.ENDPOINT);
      assertThat(log.complete()).isTrue();
      assertThat(log.lines()).contains("a line");

      world.cluster.stop();
      assertThatThrownBy(() -> application.controlPlane().log(request))
          .hasMessageContaining("ask again until the cluster is stopped")
          .extracting(e -> ((OperationException) e).reason())
          .isEqualTo(OperationException.Reason.UNAVAILABLE);
    }
  }

  private record Said(int exitCode, String out, String err) {}

  private Said logs(String... words) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Caravan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = world.settingsFile().toString();
    int exitCode = command.execute(all);
    return new Said(exitCode, out.toString(), err.toString());
  }

  @Test
  void theCommandShowsTheLogsOfARunWhoseClusterIsGone() throws Exception {
    Path out = file("out", "a line\nanother\n".getBytes(StandardCharsets.UTF_8));
    world.job("first", "print " + out + " /dev/null").addJob("second", "exit 64");
    String address;
    try (CaravanApplication application =
        CaravanApplication.start(world.settings(), Clock.systemUTC())) {
      application.run(LocalWorld.PIPELINE, DATE, false);
      Run run = application.journal().runs().last("datamarts", DATE).orElseThrow();
      address =
          application.journal().jobs().find(run, "second").orElseThrow().logAddress().orElseThrow();
      assertThat(run.failure().orElseThrow()).endsWith("(log: " + address + ")");
      RunDetail detail =
          new JournalControlPlane(
                  world.settings(),
                  application.journal(),
                  Clock.systemUTC(),
                  ShippedJobLogs.in(application.camel()))
              .run(run.id());
      assertThat(RunTable.of(detail, true, new Terminal(false, false, Terminal.UNLIMITED)))
          .contains("log of second: " + address);
      assertThat(RunTable.of(detail, true, new Terminal(false, false, 30)))
          .contains("\njob      second\nstate    FAILED\n", "\nlog of second: " + address + "\n");
    }
    assertThat(world.cluster.alive()).isFalse();
    theServerReadsThemFromS3();

    Said one = logs("logs", "--date", DATE.toString(), "--job", "first", "--from", "0");
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out().lines())
        .startsWith("stdout: ", "caravan: batch 1, success, application not known")
        .contains("a line", "another");
    assertThat(logs("logs", "--date", DATE.toString(), "--job", "first", "--size", "3").out())
        .isEqualTo("another\n\nstderr: \n\nYARN Diagnostics: \n");
    Said all = logs("logs", "--date", DATE.toString(), "--attempt", "1");
    assertThat(all.out())
        .contains("== first, s3://lake/logs/", "== second, " + address)
        .contains("caravan-spark-jobs: this job was told to end with 64");
    assertThat(logs("logs", "--address", address).out()).contains("told to end with 64");

    assertSaid(
        logs("logs", "--date", "2020-01-01"), "The journal has no run of datamarts for 2020");
    assertSaid(logs("logs", "--date", DATE.toString(), "--attempt", "9"), "2026-01-02, attempt 9.");
    assertSaid(
        logs("logs", "--date", DATE.toString(), "--job", "third"), "no job third was submitted");
    assertSaid(logs("logs", "--address", "s3://lake/logs/none/"), "There is no log at s3://lake");
    s3.client().deleteObject(gone -> gone.bucket("lake").key(address.substring(10) + "log.json"));
    assertSaid(
        logs("logs", "--date", DATE.toString(), "--job", "second"),
        "There is no log at " + address);
  }

  private void theServerReadsThemFromS3() throws Exception {
    try (CaravanApplication server =
        CaravanApplication.startServer(world.settings(), Clock.systemUTC())) {
      String path = "/api/v1/runs/datamarts/" + DATE + "/1/jobs/first/log";
      JsonNode page = get(server.address() + path + "?from=0&size=500");
      assertThat(page.path("source").asText()).isEqualTo("S3");
      assertThat(page.path("complete").asBoolean()).isTrue();
      assertThat(page.path("lines").toString())
          .contains("caravan: batch 1, success", "\"a line\",\"another\"");
      int total = page.path("total").asInt();
      JsonNode end = get(server.address() + path + "?from=" + (total - 1) + "&size=1");
      assertThat(end.path("from").asInt()).isEqualTo(total - 1);
      assertThat(end.path("lines")).hasSize(1);
      assertThat(logs("logs", "--date", DATE.toString(), "--job", "first", "--from", "0").out())
          .contains("a line\nanother\n");
    }
  }

  private static JsonNode get(String url) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).timeout(BOUND).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static void assertSaid(Said said, String words) {
    assertThat(said.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(said.err()).startsWith("caravan: ").contains(words).hasLineCount(1);
  }
}
