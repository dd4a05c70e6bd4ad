package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.MutableClock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal as a file: what outlives a process, and who else may have it open. */
class JournalFileTest {
  private static final LocalDate DATE = LocalDate.of(2026, 11, 21);
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00.123456Z");

  private final MutableClock clock = new MutableClock(NOW);
  @TempDir private Path directory;

  private String url() {
    return "jdbc:h2:file:" + directory.resolve("journal");
  }

  @Test
  void whatWasWrittenIsThereAfterARestart() {
    Run run;
    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      run = TestRuns.claim(journal, "marts", DATE, false);
      journal.sessions().open(run, "c9q1", true);
      journal.jobs().submitting(run, "mart", attempt -> "key");
    }
    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      assertThat(journal.runs().last("marts", DATE)).contains(run);
      assertThat(run.startedAt()).isEqualTo(NOW);
      assertThat(journal.sessions().owesStop("c9q1")).isTrue();
      assertThat(journal.jobs().latest(run)).extracting(JobRun::job).containsExactly("mart");
      assertThat(journal.events().of(run))
          .extracting(RunEvent::kind)
          .containsExactly(RunEvent.Kind.RUN_CLAIMED, RunEvent.Kind.CLUSTER_START_ASKED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT7H", "PT-90M"})
  void noStepOfTheDateLetsAClaimLapseOrLast(Duration step) {
    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      Run run = TestRuns.claim(journal, "marts", DATE, false);
      clock.step(step);
      assertThat(journal.claims().claim("marts", DATE, "c-marts-" + DATE, false))
          .isInstanceOf(Claim.Held.class);
      clock.pass(Duration.ofSeconds(61));
      assertThat(journal.claims().claim("marts", DATE, "c-marts-" + DATE, false))
          .isInstanceOfSatisfying(
              Claim.Taken.class, taken -> assertThat(taken.run()).isEqualTo(run));
    }
  }

  @Test
  void whatWasWrittenIsInTheFileAtOnceAsAKillOfTheProcessWouldLeaveIt() throws Exception {
    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      Run run = TestRuns.claim(journal, "marts", DATE, false);
      journal.sessions().open(run, "c9q1", true);
      Files.copy(directory.resolve("journal.mv.db"), directory.resolve("killed.mv.db"));
    }
    try (Journal left =
        Journal.open(JournalConfig.of("jdbc:h2:file:" + directory.resolve("killed")), clock)) {
      assertThat(left.sessions().owesStop("c9q1")).isTrue();
    }
  }

  @Test
  void fileThatAnotherProcessHoldsIsSaidAndLeftAlone() throws Exception {
    Process holder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    JournalHolder.class.getName(),
                    url()))
            .redirectError(directory.resolve("holder.log").toFile())
            .start();
    try {
      BufferedReader said =
          new BufferedReader(
              new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
      assertThat(said.readLine())
          .as(Files.readString(directory.resolve("holder.log")))
          .isEqualTo("held");

      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> Journal.open(JournalConfig.of(url()), clock).close())
          .withMessageStartingWith("The journal at " + url() + " can't be opened: ")
          .withMessageContaining("locked")
          .withMessageEndingWith("Is another caravan process using it?");
      assertThatExceptionOfType(FatalException.class)
          .as("a look")
          .isThrownBy(() -> Journal.openToRead(JournalConfig.of(url()), clock))
          .withMessageEndingWith("Is another caravan process using it?");

      holder.getOutputStream().close();
      assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
      Journal.open(JournalConfig.of(url()), clock).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void lookAtTheJournalChangesNothingNotEvenWhereAProcessWasKilled() throws Exception {
    JournalConfig absent = JournalConfig.of("jdbc:h2:file:" + directory.resolve("none/journal"));
    assertThat(Journal.openToRead(absent, clock)).isEmpty();
    assertThat(directory.resolve("none")).doesNotExist();

    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      TestRuns.claim(journal, "marts", DATE, false);
      Files.copy(directory.resolve("journal.mv.db"), directory.resolve("killed.mv.db"));
    }
    for (String name : List.of("journal", "killed")) {
      Path file = directory.resolve(name + ".mv.db");
      byte[] before = Files.readAllBytes(file);
      JournalConfig config = JournalConfig.of("jdbc:h2:file:" + directory.resolve(name));
      try (Journal journal = Journal.openToRead(config, clock).orElseThrow()) {
        assertThat(journal.runs().last("marts", DATE)).isPresent();
        assertThatThrownBy(() -> TestRuns.claim(journal, "marts", DATE.plusDays(1), false))
            .hasStackTraceContaining("read only");
      }
      assertThat(file).as(name).hasBinaryContent(before);
    }
  }

  @Test
  void fileThatNobodyHoldsIsNotSaidToBeHeld() throws Exception {
    Files.writeString(directory.resolve("text.mv.db"), "no database ".repeat(1000));
    Map.of(
            directory.resolve("text").toString(),
            "The file is damaged, or no journal",
            "/proc/caravan/journal",
            "Let this user write there, or set another caravan.journal.url")
        .forEach(
            (path, words) ->
                assertThatExceptionOfType(FatalException.class)
                    .isThrownBy(
                        () -> Journal.open(JournalConfig.of("jdbc:h2:file:" + path), clock).close())
                    .withMessageContaining(path)
                    .withMessageContaining(words)
                    .withMessageNotContaining("process"));
  }

  @Test
  void pathMayHoldAQuestionMark() throws Exception {
    Path odd = Files.createDirectory(directory.resolve("what?&x"));
    try (Journal journal = Journal.open(JournalConfig.of("jdbc:h2:file:" + odd + "/j"), clock)) {
      assertThat(journal.runs().last("marts", DATE)).isEmpty();
    }
    assertThat(odd.resolve("j.mv.db")).exists();
  }

  @Test
  void addressThatNoDriverKnowsIsOneSentence() {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> Journal.open(JournalConfig.of("jdbc:nonsense:x"), clock).close())
        .withMessageStartingWith("The journal at jdbc:nonsense:x can't be opened: ");
  }

  @Test
  void passwordInTheAddressIsNotToldToAnybody() {
    for (String address :
        List.of(
            "jdbc:nonsense:x?user=me&password=s3cr3t",
            "jdbc:h2:file:/dev/null/x;PASSWORD=s3cr3t")) {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> Journal.open(JournalConfig.of(address), clock).close())
          .satisfies(e -> assertThat(stackOf(e)).doesNotContain("s3cr3t"));
    }
  }

  private static String stackOf(Throwable e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void sentenceThatIsTooLongIsCutAndNotRefused() {
    try (Journal journal = Journal.open(JournalConfig.of(url()), clock)) {
      Run run = TestRuns.claim(journal, "marts", DATE, false);
      journal.jobs().submitting(run, "mart", attempt -> "key");
      journal.jobs().failed(run, "mart", Optional.empty(), "x".repeat(10_000));
      TestRuns.end(journal, run, RunState.FAILED, Optional.of("y".repeat(10_000)));

      assertThat(journal.jobs().find(run, "mart").orElseThrow().failure())
          .contains("x".repeat(4000));
      assertThat(journal.runs().last("marts", DATE).orElseThrow().failure())
          .contains("y".repeat(4000));
    }
  }
}
