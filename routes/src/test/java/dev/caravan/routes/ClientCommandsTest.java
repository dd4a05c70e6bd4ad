package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.routes.cli.ExitCodes;
import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that look and steer, of a server in this process, and without one. */
class ClientCommandsTest {
  private static final String OPENED =
      "caravan: no server runs with these settings: opening the journal itself\n";

  @TempDir private Path directory;
  private TestInstallation installation;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    installation = TestServer.installation(directory);
    server = TestServer.start(installation);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Said(int exitCode, String out, String err) {}

  private Said say(String... words) throws IOException {
    return sayWithoutSettings(
        Stream.concat(Arrays.stream(words), Stream.of("--config", installation.file().toString()))
            .toArray(String[]::new));
  }

  private static Said sayWithoutSettings(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Caravan.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Said(line.execute(words), out.toString(), err.toString());
  }

  private String done(String... words) throws IOException {
    Said said = say(words);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).isEmpty();
    return said.out();
  }

  private void refused(int exitCode, String sentence, String... words) throws IOException {
    Said said = say(words);
    assertThat(said.err()).startsWith("caravan: ").contains(sentence).hasLineCount(1);
    assertThat(said.exitCode()).isEqualTo(exitCode);
    assertThat(said.out()).isEmpty();
  }

  /** A run of each kind, a backfill, a pause and an alarm. */
  private void history() throws IOException {
    done("run", "--date", "2026-01-01..2026-01-03", "--detach", "--note", "again");
    Run failed =
        ((Claim.Taken) server.journal().claims().claimDue(TestInstallation.CLUSTER).orElseThrow())
            .run();
    server
        .journal()
        .definitions()
        .keep(failed, installation.read().pipelines().require("marts").text());
    server.journal().runs().step(failed, RunStep.START_CLUSTER, "");
    server.journal().sessions().open(failed, TestInstallation.CLUSTER, true);
    server
        .journal()
        .runs()
        .end(failed, RunState.FAILED, Optional.of("Job mart failed: exit code 66"));
    done("cancel", "marts/2026-01-02/1", "--note", "not needed");
    done("backfill", "--date", "2026-02-01..2026-02-02", "--detach");
    done("pause", "--note", "migration");
    server.journal().alarms().raise(AlarmKind.STOP_REFUSED, TestInstallation.CLUSTER, "quota");
  }

  @Test
  void whatTheServerTellsTheJournalTellsWithoutIt() throws Exception {
    history();
    List<List<String>> questions =
        List.of(
            List.of("runs"),
            List.of("runs", "--limit", "2", "--state", "queued,failed", "--from", "2026-01-01"),
            List.of("runs", "--date", "2026-01-01..2026-01-02", "--pipeline", "marts"),
            List.of("runs", "--backfill", "1", "-o", "csv"),
            List.of("show", "marts/2026-01-01/1", "-o", "json"),
            List.of("show", "2026-01-01", "--events", "--utc"),
            List.of("show", "marts/2026-01-02"),
            List.of("show", "-o", "yaml"),
            List.of("status"),
            List.of("status", "-o", "json"),
            List.of("pipelines"),
            List.of("pipelines", "-o", "json"),
            List.of("cluster", "status"),
            List.of("cluster", "status", "main", "-o", "yaml"),
            List.of("sessions", "--cluster", "main"),
            List.of("backfills", "--pipeline", "marts"),
            List.of("alarms", "-o", "json"),
            List.of("backfill", "--date", "2026-03-01..2026-03-03", "--dry-run"));
    Map<List<String>, String> told = new LinkedHashMap<>();
    for (List<String> question : questions) {
      String answer = done(question.toArray(String[]::new));
      assertThat(answer).as(question.toString()).isNotBlank();
      told.put(question, answer);
    }
    server.close();

    for (List<String> question : questions) {
      Said said = say(question.toArray(String[]::new));
      assertThat(said.err()).isEqualTo(OPENED);
      assertThat(said.out()).as(question.toString()).isEqualTo(told.get(question));
    }
    assertThat(told.get(questions.get(0)))
        .contains("marts/2026-01-01/1", "FAILED", "Job mart failed", "CANCELLED", "BACKFILL");
    assertThat(told.get(questions.get(1)).lines()).hasSize(2 + 2);
    assertThat(told.get(questions.get(2)).lines()).hasSize(2 + 2);
    assertThat(told.get(questions.get(5)))
        .startsWith("run marts/2026-01-01/1: FAILED: Job mart failed")
        .contains("cause HAND, asked for by ", "session 1", "NOT RUN", "run FAILED");
    assertThat(told.get(questions.get(8)))
        .contains("marts/2026-02-01/1", "yes", "STOP_REFUSED", "may still be running");
  }

  @Test
  void actionsAreDoneOnceAndSayWhatBecameOfThem() throws Exception {
    assertThat(done("run", "--date", "2026-01-01", "--detach"))
        .isEqualTo("run marts/2026-01-01/1 is queued at the server\n");
    assertThat(done("run", "--date", "2026-01-01", "--detach"))
        .isEqualTo("run marts/2026-01-01/1 is there already: QUEUED\n");
    assertThat(done("cancel", "marts/2026-01-01/1"))
        .isEqualTo("run marts/2026-01-01/1: CANCELLED\n");
    assertThat(done("run", "--only-failed", "--date", "2026-01-01", "--detach"))
        .isEqualTo("run marts/2026-01-01/2 is queued at the server\n");
    assertThat(done("pause", "--note", "migration")).isEqualTo("marts is paused\n");
    assertThat(done("pause"))
        .isEqualTo(
            "marts was paused before (paused by "
                + System.getProperty("user.name")
                + ": migration)\n");
    assertThat(done("resume", "--catch-up", "none")).isEqualTo("marts is resumed\n");
    assertThat(done("resume")).isEqualTo("marts was not paused\n");
    assertThat(done("backfill", "--from", "2026-02-01", "--to", "2026-02-02", "--detach"))
        .contains("2 of 2 dates run", "backfill 1: RUNNING");
    assertThat(done("backfill", "--pause", "1", "--note", "later")).contains("backfill 1: PAUSED");
    assertThat(done("backfill", "--resume", "1", "--detach")).contains("backfill 1: RUNNING");
    assertThat(done("backfill", "--cancel", "1")).contains("backfill 1: CANCELLED");
    assertThat(done("backfill", "--date", "2099-01-01", "--detach"))
        .contains("not due yet", "Nothing to do.");
  }

  @Test
  void refusalsHaveTheSameExitCodesEverywhere() throws Exception {
    done("run", "--date", "2026-01-01", "--detach");
    done("cancel", "marts/2026-01-01/1");
    for (int round = 0; round < 2; round++) {
      assertThat(say("cancel", "marts/2026-01-01/1").exitCode()).isZero();
      refusedAlways(
          ExitCodes.FAILED, "There is no run marts/2026-01-09/1.", "show", "marts/2026-01-09/1");
      refusedAlways(
          ExitCodes.FAILED, "There is no run of marts for 2026-01-09.", "show", "2026-01-09");
      refusedAlways(ExitCodes.FAILED, "There is no backfill 9.", "backfill", "--pause", "9");
      refusedAlways(ExitCodes.USAGE, "did you mean marts?", "pause", "--pipeline", "mart");
      refusedAlways(
          ExitCodes.USAGE,
          "There is no cluster 'mian'; there are main.",
          "cluster",
          "stop",
          "mian");
      refusedAlways(ExitCodes.USAGE, "'soon' is not a date", "show", "soon");
      refusedAlways(ExitCodes.USAGE, "--limit is 0", "runs", "--limit", "0");
      server.close();
    }
    refused(ExitCodes.USAGE, "run --detach needs a server", "run", "--detach");
    refused(ExitCodes.USAGE, "logs --follow needs a server", "logs", "-f");
  }

  /** By a server, or by the journal, which says so first. */
  private void refusedAlways(int exitCode, String sentence, String... words) throws IOException {
    Said said = say(words);
    assertThat(said.err().replace(OPENED, "")).contains(sentence).hasLineCount(1);
    assertThat(said.exitCode()).isEqualTo(exitCode);
    assertThat(said.out()).isEmpty();
  }

  @Test
  void serverThatIsNamedNeedsNoSettings() {
    Said said =
        sayWithoutSettings(
            "pipelines", "--server", server.address().toString(), "--config", "none.properties");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("marts");

    int port = server.address().getPort();
    server.close();
    Said gone = sayWithoutSettings("pipelines", "--server", "http://127.0.0.1:" + port);
    assertThat(gone.exitCode()).isEqualTo(ExitCodes.UNAVAILABLE);
    assertThat(gone.err())
        .startsWith("caravan: The server at http://127.0.0.1:" + port + " doesn't answer: ")
        .hasLineCount(1);
    Said bad = sayWithoutSettings("pipelines", "--server", "caravan.example");
    assertThat(bad.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(bad.err()).contains("must be an address such as http://127.0.0.1:8180");
  }

  @Test
  void logOfARunWithoutAnySubmittedJobIsRefused() throws Exception {
    done("run", "--date", "2026-01-01", "--detach");

    refused(
        ExitCodes.FAILED,
        "In run marts/2026-01-01/1 no job was submitted.",
        "logs",
        "--date",
        "2026-01-01");
    refused(
        ExitCodes.FAILED,
        "The journal has no run of marts for 2026-01-05.",
        "logs",
        "--date",
        "2026-01-05");
    refused(ExitCodes.FAILED, "There is no run nothing.", "logs", "--run", "nothing");
  }

  @Test
  void peekRefusesWhatIsNotThereInOneSentence() throws Exception {
    refused(ExitCodes.FAILED, "No run has succeeded yet.", "peek");
    refused(
        ExitCodes.FAILED, "No run of marts has succeeded yet; peek PIPELINE/DATE", "peek", "marts");
    refused(ExitCodes.USAGE, "There is no pipeline 'mart': did you mean marts?", "peek", "mart");
    refused(ExitCodes.USAGE, "--rows must be from 0 to 1000, not -1.", "peek", "--rows", "-1");
    refused(ExitCodes.USAGE, "'marts/soon' is no pipeline, no run such as", "peek", "marts/soon");
    refused(ExitCodes.FAILED, "There is no run of marts for 2026-01-01.", "peek", "2026-01-01");
    refused(ExitCodes.FAILED, "There is no run marts/2026-01-01/9.", "peek", "marts/2026-01-01/9");
  }

  @Test
  void completionNamesEachCommand() {
    Said said = sayWithoutSettings("completion");

    assertThat(said.exitCode()).isZero();
    assertThat(said.out())
        .contains("complete -F _complete_caravan", "backfills", "--catch-up", "SUCCEEDED");
  }
}
