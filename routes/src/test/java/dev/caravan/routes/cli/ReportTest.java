package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Terminal NONE = new Terminal(false, false, Terminal.UNLIMITED);
  private static final RunView RUN =
      new RunView(
          "marts/2026-07-01/2",
          "marts",
          LocalDate.of(2026, 7, 1),
          2,
          Optional.of("main"),
          RunState.FAILED,
          Optional.empty(),
          Optional.of(Cause.HAND),
          Optional.of("ann"),
          Optional.empty(),
          Instant.parse("2026-07-02T22:30:05Z"),
          Optional.of(Instant.parse("2026-07-02T23:42:17Z")),
          Optional.of("Job \"mart\" failed,\nexit code 66"),
          Optional.empty(),
          Optional.empty());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Report report(OutputFormat format, ZoneId zone, Terminal terminal) {
    return new Report(new PrintWriter(out), new PrintWriter(err), format, zone, terminal);
  }

  @Test
  void tableHasTimesOfTheZoneAndEachRowOnOneLine() {
    report(OutputFormat.TABLE, BERLIN, NONE).list(List.of(RUN), Columns.RUNS, "No runs.");

    assertThat(out.toString().lines())
        .containsExactly(
            "run                 state   cause  started              took        cluster  by   reason",
            "------------------  ------  -----  -------------------  ----------  -------  ---  -------------------------------",
            "marts/2026-07-01/2  FAILED  HAND   2026-07-03 00:30:05  1 h 12 min  main     ann  Job \"mart\" failed, exit code 66");
  }

  @Test
  void timesInUtcSaySo() {
    report(OutputFormat.TABLE, ZoneId.of("Etc/UTC"), NONE).list(List.of(RUN), Columns.RUNS, "");

    assertThat(out.toString()).contains("2026-07-02 22:30:05Z");
  }

  @Test
  void runsOfALongBackfillDoNotStretchTheTableOfSessions() {
    List<String> runs = List.of("marts/2026-07-03/1", "marts/2026-07-02/1", "marts/2026-07-01/1");
    SessionView session =
        new SessionView(
            7,
            "main",
            "c9q",
            true,
            SessionState.STOPPED,
            Instant.parse("2026-07-03T00:00:00Z"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            runs);

    report(OutputFormat.TABLE, ZoneOffset.UTC, NONE).list(List.of(session), Columns.SESSIONS, "");
    report(OutputFormat.CSV, ZoneOffset.UTC, NONE).list(List.of(session), Columns.SESSIONS, "");

    assertThat(out.toString())
        .contains("marts/2026-07-03/1 and 2 more\n")
        .contains("," + String.join(" ", runs) + "\n");
  }

  @Test
  void reasonIsCutWhereTheTerminalEnds() {
    report(OutputFormat.TABLE, ZoneOffset.UTC, new Terminal(true, false, 100))
        .list(List.of(RUN), Columns.RUNS, "");

    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    assertThat(out.toString()).contains("…").contains("Job \"mart\"");
  }

  @Test
  void tooNarrowATerminalHasABlockForEachRow() {
    report(OutputFormat.TABLE, ZoneOffset.UTC, new Terminal(true, false, 40))
        .list(List.of(RUN), Columns.RUNS, "");

    assertThat(out.toString().lines()).contains("run      marts/2026-07-01/2");
  }

  @Test
  void coloursAreForTerminalsThatHaveThem() {
    report(OutputFormat.TABLE, BERLIN, new Terminal(true, true, 200))
        .list(List.of(RUN), Columns.RUNS, "");

    assertThat(out.toString()).contains("\u001b[31mFAILED\u001b[0m  HAND");
  }

  @Test
  void csvHasTheTimesAsIsoAndQuotesWhatNeedsIt() {
    report(OutputFormat.CSV, BERLIN, new Terminal(true, true, 20))
        .list(List.of(RUN), Columns.RUNS, "");

    assertThat(out)
        .hasToString(
            "run,state,cause,started,took,cluster,by,reason\n"
                + "marts/2026-07-01/2,FAILED,HAND,2026-07-02T22:30:05Z,PT1H12M12S,main,ann,"
                + "\"Job \"\"mart\"\" failed,\nexit code 66\"\n");
  }

  @Test
  void jsonAndYamlHaveAllFields() {
    report(OutputFormat.JSON, BERLIN, NONE).list(List.of(RUN), Columns.RUNS, "");
    assertThat(out.toString())
        .startsWith("[ {")
        .contains("\"attempt\" : 2", "\"startedAt\" : \"2026-07-02T22:30:05Z\"")
        .doesNotContain("backfill");

    report(OutputFormat.YAML, BERLIN, NONE).list(List.of(RUN), Columns.RUNS, "");
    assertThat(out.toString()).contains("- id: marts/2026-07-01/2\n", "\n  attempt: 2\n");
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void nothingIsSaidOnStderrToPeopleAlone(OutputFormat format) {
    report(format, BERLIN, NONE).list(List.of(), Columns.RUNS, "No runs.");

    assertThat(err.toString()).isEqualTo(format == OutputFormat.TABLE ? "No runs.\n" : "");
    assertThat(out.toString().strip())
        .isEqualTo(
            switch (format) {
              case TABLE -> "";
              case CSV -> "run,state,cause,started,took,cluster,by,reason";
              case JSON -> "[ ]";
              case YAML -> "[]";
            });
  }
}
