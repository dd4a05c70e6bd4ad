package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.JobOutput;
import dev.caravan.processors.journal.JobRun;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of any run the command line, with a server and without, and the API tell what the journal has.
 */
class SameStoryTest {
  private static final int RUNS = 25;

  /** How many of them are asked for without a server: each opens the journal anew. */
  private static final int WITHOUT_SERVER = 8;

  private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  private TestInstallation installation;

  /**
   * A run as it may have gone; what becomes of it is chance.
   *
   * @param ends whether it has ended, as all have that another one follows on their cluster
   */
  private static void live(
      Journal journal, Random random, String definition, LocalDate date, boolean ends) {
    journal.queue().add("marts", TestInstallation.CLUSTER, date, false, words(random));
    if (random.nextInt(8) == 0) {
      journal.runs().cancel("marts/" + date + "/1", "bob", words(random));
      return;
    }
    Run run =
        ((Claim.Taken) journal.claims().claimDue(TestInstallation.CLUSTER).orElseThrow()).run();
    if (random.nextInt(4) > 0) {
      journal.definitions().keep(run, definition);
    }
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    journal.sessions().open(run, TestInstallation.CLUSTER, random.nextBoolean());
    journal.statuses().seen(run, "STARTING");
    journal.statuses().seen(run, "RUNNING");
    for (String job : List.of("load", "mart")) {
      jobOf(journal, random, run, job);
    }
    if (!ends) {
      return;
    }
    List<RunState> states =
        List.of(RunState.SUCCEEDED, RunState.FAILED, RunState.INTERRUPTED, RunState.CANCELLED);
    RunState end = states.get(random.nextInt(states.size()));
    Optional<String> why =
        end == RunState.SUCCEEDED ? Optional.empty() : Optional.of(words(random));
    journal.runs().decide(run, end, why);
    journal.runs().end(run, end, why);
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(TestInstallation.CLUSTER);
    journal.claims().endSession(TestInstallation.CLUSTER);
  }

  private static void jobOf(Journal journal, Random random, Run run, String job) {
    int attempts = random.nextInt(4);
    for (int attempt = 1; attempt <= attempts; attempt++) {
      journal.runs().step(run, RunStep.SUBMIT_JOB, job);
      journal.jobs().submitting(run, job, number -> run.id() + "/" + job + "/" + number);
      if (random.nextInt(5) == 0) {
        return;
      }
      journal.jobs().submitted(run, job, random.nextInt(1000));
      if (random.nextBoolean()) {
        journal.jobs().logShippedTo(run, job, "s3://lake/logs/" + random.nextInt(99) + "/");
      }
      if (attempt < attempts || random.nextBoolean()) {
        journal.jobs().failed(run, job, Optional.of("application_" + attempt), words(random));
      } else {
        journal.jobs().succeeded(run, job, Optional.empty());
        // The other one promises no output.
        if (job.equals("load") && random.nextBoolean()) {
          verified(journal, random, run, job);
        }
      }
    }
  }

  private static void verified(Journal journal, Random random, Run run, String job) {
    OutputReport report =
        new OutputReport(
            S3Location.of("s3://lake/" + job + "/date=" + run.logicalDate() + "/"),
            random.nextInt(9),
            random.nextLong(1L << 40),
            random.nextBoolean()
                ? OptionalLong.of(random.nextLong(1L << 33))
                : OptionalLong.empty(),
            List.of("a"),
            Optional.empty(),
            Optional.empty());
    journal.jobs().verified(run, job, 1, 1, report, words(random));
  }

  /** Text that formats tend to break. */
  private static String words(Random random) {
    String alphabet = "ab \"'\\,;:|{}<>&%\n\t=жß漢€😀";
    int[] points = alphabet.codePoints().toArray();
    return IntStream.range(0, 1 + random.nextInt(30))
        .map(i -> points[random.nextInt(points.length)])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .insert(0, "x")
        .toString();
  }

  /** What the journal has of a run, in the words of the API. */
  private static Map<String, Object> story(Journal journal, Run run) {
    Map<String, Object> story = new LinkedHashMap<>();
    story.put("state", run.state().name());
    story.put("failure", run.failure().orElse(""));
    story.put("askedBy", run.askedBy().orElse(""));
    story.put("startedAt", run.startedAt().toString());
    List<String> attempts = new ArrayList<>();
    for (JobRun job : journal.jobs().attempts(run)) {
      attempts.add(
          "%s %d %s %s %s"
              .formatted(
                  job.job(),
                  job.attempt(),
                  job.state(),
                  job.batchId().map(String::valueOf).orElse(""),
                  job.failure().orElse("")));
    }
    story.put("attempts", attempts.stream().sorted().toList());
    List<String> outputs = new ArrayList<>();
    for (JobOutput output : journal.jobs().outputs(run)) {
      outputs.add(
          "%s %d %s %d %d %s"
              .formatted(
                  output.job(),
                  output.attempt(),
                  output.location(),
                  output.objects(),
                  output.bytes(),
                  output.rowCount().map(String::valueOf).orElse("")));
    }
    story.put("outputs", outputs.stream().sorted().toList());
    story.put("steps", journal.runs().steps(run).stream().map(step -> step.step().name()).toList());
    story.put(
        "events", journal.events().of(run).stream().map(RunEvent::kind).map(Enum::name).toList());
    return story;
  }

  /** The same of what was told. */
  private static Map<String, Object> story(JsonNode detail) {
    Map<String, Object> story = new LinkedHashMap<>();
    for (String field : List.of("state", "failure", "askedBy", "startedAt")) {
      story.put(field, detail.at("/run/" + field).asText(""));
    }
    List<String> attempts = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (JsonNode job : detail.path("jobs")) {
      String name = job.path("name").asText();
      for (JsonNode attempt : job.path("attempts")) {
        attempts.add(
            "%s %d %s %s %s"
                .formatted(
                    name,
                    attempt.path("attempt").asInt(),
                    attempt.path("state").asText(),
                    attempt.path("batchId").asText(""),
                    attempt.path("failure").asText("")));
      }
      for (JsonNode output : job.path("outputs")) {
        JsonNode found = output.path("found");
        if (found.isObject()) {
          outputs.add(
              "%s %d %s %d %d %s"
                  .formatted(
                      name,
                      found.path("attempt").asInt(),
                      output.path("at").asText(),
                      found.path("objects").asLong(),
                      found.path("bytes").asLong(),
                      found.path("rows").asText("")));
        }
      }
    }
    story.put("attempts", attempts.stream().sorted().toList());
    story.put("outputs", outputs.stream().sorted().toList());
    story.put("steps", texts(detail.path("steps"), "step"));
    story.put("events", texts(detail.path("events"), "kind"));
    return story;
  }

  private static List<String> texts(JsonNode items, String field) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.path(field).asText())
        .toList();
  }

  private JsonNode show(String run) throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Caravan.commandLine("show")
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute("show", run, "-o", "json", "--config", installation.file().toString());
    assertThat(exitCode).as(err.toString()).isZero();
    return JSON.readTree(out.toString());
  }

  @Test
  void anyRunIsToldTheSameByCommandApiAndJournal() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    installation = TestServer.installation(directory);
    String definition = installation.read().pipelines().require("marts").text();
    Map<String, JsonNode> told = new LinkedHashMap<>();
    try (TestServer server = TestServer.start(installation)) {
      Journal journal = server.journal();
      for (int day = 0; day < RUNS; day++) {
        live(journal, random, definition, FIRST.plusDays(day), day < RUNS - 1);
      }
      List<Run> runs = journal.runs().latest(RUNS);
      assertThat(runs).hasSize(RUNS);
      for (Run run : runs) {
        JsonNode answer = TestServer.json(server.get("/runs/" + run.id()));
        assertThat(story(answer))
            .as("API and journal, seed %d", seed)
            .isEqualTo(story(journal, run));
        assertThat(show(run.id())).as("command and API, seed %d", seed).isEqualTo(answer);
        told.put(run.id(), answer);
      }
    }
    List<String> some = new ArrayList<>(told.keySet());
    Collections.shuffle(some, random);
    for (String run : some.subList(0, WITHOUT_SERVER)) {
      assertThat(show(run)).as("command without a server, seed %d", seed).isEqualTo(told.get(run));
    }
  }
}
