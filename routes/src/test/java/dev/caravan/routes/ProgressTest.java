package dev.caravan.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunEvent.Kind;
import dev.caravan.routes.cli.Terminal;
import dev.caravan.shared.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final String ERASE = "\u001b[2K";
  private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-21T23:59:58.900Z"));

  private Progress progress(Terminal terminal) {
    return new Progress(new PrintStream(bytes, true, UTF_8), terminal, 1, 2, 2, clock);
  }

  private void event(Progress progress, Kind kind, String subject, String detail) {
    progress.accept(new RunEvent("datamarts/2026-11-21/1", clock.instant(), kind, subject, detail));
  }

  /** What a person sees on the terminal. */
  private String screen() {
    return Arrays.stream(bytes.toString(UTF_8).split("\n"))
        .map(line -> line.substring(line.lastIndexOf(ERASE) < 0 ? 0 : line.lastIndexOf(ERASE) + 4))
        .map(line -> line.replace("\r", ""))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void inALogALineHasTheTimeOfDayAndThereIsNoBar() {
    try (Progress progress = progress(Terminal.of(false, XTERM)).ticking()) {
      event(progress, Kind.RUN_CLAIMED, "", "");
      clock.pass(Duration.ofSeconds(2));
      event(progress, Kind.JOB_SUBMITTED, "first", "batch 1");
      progress.tick();
    }
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            "[23:59:58Z] run datamarts/2026-11-21/1 begins\n[00:00:00Z] first: submitted as batch 1\n");
  }

  @Test
  void theBarNamesItsJobAndTicks() {
    Progress progress = progress(Terminal.of(true, XTERM));
    event(progress, Kind.RUN_CLAIMED, "", "");
    assertThat(screen()).endsWith("begins\n[###...........................] 1/10");
    event(progress, Kind.JOB_SUBMITTED, "first", "batch 1");
    assertThat(screen()).endsWith("\n[######........................] 2/10 first 0 s");
    clock.pass(Duration.ofSeconds(61));
    progress.tick();
    assertThat(screen()).endsWith("\n[######........................] 2/10 first 61 s");
    event(progress, Kind.JOB_SUCCEEDED, "first", "");
    assertThat(screen()).endsWith(" 3/10 first: verifying 0 s");
    event(progress, Kind.OUTPUT_VERIFIED, "first", "1 row in 1 object, 5 bytes");
    assertThat(screen()).endsWith(" 4/10");
    event(progress, Kind.CLUSTER_STOP_ASKED, "c9q", "");
    clock.pass(Duration.ofSeconds(3));
    event(progress, Kind.CLUSTER_STATUS, "STOPPING", "");
    assertThat(screen()).endsWith(" 5/10 stopping the cluster 3 s");

    progress.close();
    event(progress, Kind.RUN_ENDED, "FAILED", "");
    progress.tick();
    assertThat(screen()).endsWith("\n[00:01:02Z] cluster is STOPPING\n[00:01:02Z] run FAILED");
  }

  @ParameterizedTest
  @CsvSource({
    "45, '[####.................] 2/10 a-long-name 0 s'",
    "29, '[#....] 2/10 a-long-name 0 s'",
    "28, '2/10 a-long-name 0 s'",
    "20, '2/10 a-long-name 0 '",
    "3, '2/'",
  })
  void theBarIsNarrowerThanTheTerminal(int columns, String bar) {
    Progress progress =
        progress(Terminal.of(true, Map.of("TERM", "xterm", "COLUMNS", "" + columns)));
    event(progress, Kind.RUN_CLAIMED, "", "");
    event(progress, Kind.JOB_SUBMITTED, "a-long-name", "batch 1");
    assertThat(screen().lines().reduce((first, second) -> second)).contains(bar);
    assertThat(bar.length()).isLessThan(columns);
  }

  @ParameterizedTest
  @CsvSource({
    "true, xterm, '', '', true, 2147483647",
    "false, xterm, '', 80, false, 80",
    "true, dumb, '', 0, false, 2147483647",
    "true, '', '', -5, true, 2147483647",
    "true, xterm, true, wide, false, 2147483647",
    "true, xterm, 1, 99999999999, false, 2147483647",
  })
  void aTerminalIsWatchedUnlessItIsDumbOrABuildServers(
      boolean terminal, String term, String ci, String columns, boolean watched, int width) {
    assertThat(Terminal.of(terminal, Map.of("TERM", term, "CI", ci, "COLUMNS", columns)))
        .isEqualTo(new Terminal(watched, watched, width));
    assertThat(Terminal.of(true, Map.of()).interactive()).isFalse();
    assertThat(Terminal.of(true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
        .isEqualTo(new Terminal(true, false, Terminal.UNLIMITED));
  }
}
