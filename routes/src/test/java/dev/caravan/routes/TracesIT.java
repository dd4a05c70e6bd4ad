package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.processors.journal.Journal;
import dev.caravan.routes.OtlpCollector.Accepted;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged orchestrator sends a trace of each session, once, to a real collector. */
class TracesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 2);
  private static final LocalDate SECOND = FIRST.plusDays(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private LocalWorld world;
  private OtlpCollector collector;

  @BeforeEach
  void create() throws IOException {
    world = LocalWorld.create(directory);
    collector = OtlpCollector.start();
    world
        .job("mart", "exit 0")
        .schedule("cron", "0 0 1 1 *")
        .set("caravan.traces.endpoint", collector.url())
        .set("caravan.log.format", "json");
  }

  @AfterEach
  void end() {
    world.close();
    collector.close();
  }

  private static String id(Span span) {
    return OtlpCollector.hex(span.getSpanId().toByteArray());
  }

  /** Each span as "name < name of its parent", in order. */
  private static List<String> tree(List<Span> spans) {
    Map<String, Span> byId =
        spans.stream().collect(Collectors.toMap(TracesIT::id, Function.identity()));
    return spans.stream()
        .map(
            span -> {
              Span parent = byId.get(OtlpCollector.hex(span.getParentSpanId().toByteArray()));
              return span.getName() + (parent == null ? "" : " < " + parent.getName());
            })
        .toList();
  }

  private static String text(Span span, String attribute) {
    return span.getAttributesList().stream()
        .filter(each -> each.getKey().equals(attribute))
        .map(each -> each.getValue().getStringValue())
        .collect(Collectors.joining());
  }

  private Accepted only() {
    Awaitility.await().atMost(PATIENCE).until(() -> !collector.accepted().isEmpty());
    assertThat(collector.accepted()).hasSize(1);
    return collector.accepted().get(0);
  }

  private int pending() throws IOException {
    try (Journal journal = world.journal()) {
      return journal.traces().pending();
    }
  }

  /** The lines of the log that name this trace. */
  private static List<JsonNode> linesOf(ChildProcess orchestrator, String trace)
      throws IOException {
    return jsonLines(orchestrator)
        .filter(line -> line.at("/mdc/trace_id").asText().equals(trace))
        .toList();
  }

  private static Stream<JsonNode> jsonLines(ChildProcess orchestrator) throws IOException {
    return orchestrator
        .log()
        .lines()
        .filter(line -> line.startsWith("{") && line.endsWith("}"))
        .map(TracesIT::parsed);
  }

  private static String job(JsonNode line) {
    return line.at("/mdc/job").asText();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void sessionOfTwoRunsIsOneTraceWhoseIdIsInTheLog() throws Exception {
    world.job("mart", "fails-on " + SECOND + " {date}");
    Files.writeString(directory.resolve("headers"), "Authorization=Bearer t0psecret\n");
    world.set("caravan.traces.headers-file", "headers");

    ChildProcess run = world.start("run", "--date", FIRST.toString(), "--date", SECOND.toString());

    assertThat(run.exitCode(PATIENCE)).as(run.log()).contains(1);
    Accepted trace = only();
    assertThat(trace.headers().get("Authorization")).containsExactly("Bearer t0psecret");
    assertThat(trace.service()).containsEntry("service.name", "caravan");
    assertThat(trace.traces()).hasSize(1);
    assertThat(tree(trace.spans()))
        .startsWith("session main")
        .contains(
            "start cluster < session main",
            "cluster STARTING < start cluster",
            "cluster RUNNING < session main",
            "stop cluster < session main",
            "step SUBMIT_JOB < run datamarts");
    assertThat(tree(trace.spans()))
        .filteredOn(span -> span.startsWith("run ") || span.startsWith("job "))
        .containsExactly(
            "run datamarts < session main",
            "job mart < run datamarts",
            "run datamarts < session main",
            "job mart < run datamarts");
    List<Span> jobs =
        trace.spans().stream().filter(span -> span.getName().equals("job mart")).toList();
    assertThat(jobs)
        .extracting(span -> span.getStatus().getCode())
        .containsExactly(Status.StatusCode.STATUS_CODE_UNSET, Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(jobs)
        .extracting(span -> text(span, "caravan.run.id"))
        .containsExactly("datamarts/" + FIRST + "/1", "datamarts/" + SECOND + "/1");
    assertThat(trace.spans())
        .allSatisfy(
            span ->
                assertThat(span.getEndTimeUnixNano())
                    .isGreaterThanOrEqualTo(span.getStartTimeUnixNano()));

    assertThat(linesOf(run, trace.traces().get(0)))
        .as("what this command logs: the failure")
        .extracting(line -> line.at("/mdc/run").asText())
        .containsOnly("datamarts/" + SECOND + "/1");
    assertThat(run.log()).doesNotContain("t0psecret");
    assertThat(pending()).isZero();
  }

  @Test
  void traceThatTheCollectorDidNotTakeIsSentOnceByTheNextProcess() throws Exception {
    collector.refuseNext(503);
    ChildProcess run = world.start("run", "--date", FIRST.toString());
    assertThat(run.exitCode(PATIENCE)).as("a collector fails no run: " + run.log()).contains(0);
    assertThat(collector.refused()).containsExactly(503);
    assertThat(run.log()).contains("it answered 503");
    assertThat(pending()).isEqualTo(1);

    try (ChildProcess serve = world.start("serve")) {
      assertThat(tree(only().spans())).contains("job mart < run datamarts");
      // A second session, whose trace comes after any repetition of the first.
      ChildProcess again = world.start("run", "--again", "--date", FIRST.toString());
      assertThat(again.exitCode(PATIENCE)).as(again.log()).contains(0);
      Awaitility.await().atMost(PATIENCE).until(() -> collector.accepted().size() >= 2);
      assertThat(serve.pid()).isPositive();
    }
    assertThat(collector.accepted()).hasSize(2);
    assertThat(collector.accepted()).flatExtracting(Accepted::traces).doesNotHaveDuplicates();
    assertThat(pending()).isZero();
  }

  /** The process is gone before it could send anything; the next one ends the session. */
  @Test
  void sessionThatIsContinuedAfterAKillIsOneTraceAndHasOneIdInBothLogs() throws Exception {
    world.job("mart", "await " + directory.resolve("go"));
    ChildProcess killed = world.start("serve");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(directory.resolve("server.json")));
    ChildProcess asked = world.start("run", "--date", FIRST.toString(), "--detach");
    assertThat(asked.exitCode(PATIENCE)).as(asked.log()).contains(0);
    // The job runs before its process knows that: it is killed once it has told of the job.
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> jsonLines(killed).anyMatch(line -> job(line).equals("mart")));
    ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
    assertThat(killed.exitCode(PATIENCE)).contains(137);
    assertThat(collector.accepted()).isEmpty();
    Files.writeString(directory.resolve("go"), "");

    ChildProcess next = world.start("serve");

    Accepted trace = only();
    assertThat(trace.traces()).hasSize(1);
    assertThat(tree(trace.spans()))
        .filteredOn(span -> span.startsWith("job "))
        .containsExactly("job mart < run datamarts");
    for (ChildProcess each : List.of(killed, next)) {
      List<JsonNode> lines = linesOf(each, trace.traces().get(0));
      assertThat(lines)
          .as(each.log())
          .extracting(line -> line.at("/mdc/run").asText())
          .contains("datamarts/" + FIRST + "/1");
      assertThat(lines).extracting(TracesIT::job).contains("mart");
    }
  }
}
