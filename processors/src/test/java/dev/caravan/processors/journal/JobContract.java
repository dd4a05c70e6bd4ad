package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The jobs of a run with their attempts, outputs and definition, whatever the database. */
abstract class JobContract extends JournalContract {
  @Test
  void intentToSubmitIsWrittenOnce() {
    Run run = claim();
    JobRun intent = journal.jobs().submitting(run, "mart", attempt -> "key");
    assertThat(intent.state()).isEqualTo(JobState.SUBMITTING);
    assertThat(intent.batchId()).isEmpty();
    journal.jobs().submitted(run, "mart", 7);
    CLOCK.pass(Duration.ofHours(1));

    JobRun again = journal.jobs().submitting(run, "mart", attempt -> "another key");

    assertThat(again.state()).isEqualTo(JobState.SUBMITTED);
    assertThat(again.batchKey()).isEqualTo("key");
    assertThat(again.batchId()).contains(7);
    assertThat(again.submittedAt()).isEqualTo(START);
  }

  @Test
  void jobGoesFromIntentToVerifiedOutput() {
    Run run = claim();
    journal.jobs().submitting(run, "mart", attempt -> "key");
    journal.jobs().submitted(run, "mart", 7);
    journal.jobs().logShippedTo(run, "mart", "s3://lake/logs/tag/");
    CLOCK.pass(Duration.ofMinutes(3));
    journal.jobs().succeeded(run, "mart", Optional.of("application_1"));
    journal
        .jobs()
        .verified(
            run,
            "mart",
            1,
            1,
            new OutputReport(
                S3Location.of("s3://lake/mart/"),
                2,
                3_000_000_000L,
                OptionalLong.of(1234),
                List.of("user_id"),
                Optional.of(START),
                Optional.of(START)),
            "");

    assertThat(journal.jobs().find(run, "mart"))
        .contains(
            new JobRun(
                run.id(),
                "mart",
                1,
                JobState.VERIFIED,
                "key",
                Optional.of(7),
                Optional.of("application_1"),
                START,
                Optional.of(START.plusSeconds(180)),
                Optional.empty(),
                Optional.of("s3://lake/logs/tag/"),
                1,
                false));
    assertThat(journal.jobs().outputs(run))
        .containsExactly(
            new JobOutput("mart", 1, 1, "s3://lake/mart/", 2, 3_000_000_000L, Optional.of(1234L)));
    assertThat(kinds(run))
        .containsExactly(
            RunEvent.Kind.RUN_CLAIMED,
            RunEvent.Kind.JOB_SUBMITTED,
            RunEvent.Kind.JOB_SUCCEEDED,
            RunEvent.Kind.OUTPUT_VERIFIED);
  }

  private static OutputReport report(String location, long rows) {
    return new OutputReport(
        S3Location.of(location),
        1,
        10,
        OptionalLong.of(rows),
        List.of(),
        Optional.of(START),
        Optional.of(START));
  }

  @Test
  void jobIsVerifiedWithTheLastOfItsOutputsEachOfWhichIsKept() {
    Run run = claim();
    journal.jobs().submitting(run, "mart", attempt -> "key");
    journal.jobs().submitted(run, "mart", 7);
    assertThatIllegalStateException()
        .isThrownBy(
            () -> journal.jobs().verified(run, "mart", 1, 2, report("s3://lake/a/", 1), ""));
    journal.jobs().succeeded(run, "mart", Optional.empty());

    journal.jobs().verified(run, "mart", 1, 2, report("s3://lake/a/", 1), "");
    assertThat(journal.jobs().require(run, "mart").state()).isEqualTo(JobState.SUCCEEDED);
    journal.jobs().verified(run, "mart", 1, 2, report("s3://lake/a/", 3), "");
    journal.jobs().verified(run, "mart", 2, 2, report("s3://lake/b/", 4), "");

    assertThat(journal.jobs().require(run, "mart").state()).isEqualTo(JobState.VERIFIED);
    assertThat(journal.jobs().outputs(run))
        .as("one that is checked once more, as after a crash, is written anew")
        .extracting(output -> output.number() + " " + output.location() + " " + output.rowCount())
        .containsExactly("1 s3://lake/a/ Optional[3]", "2 s3://lake/b/ Optional[4]");
    assertThat(
            journal.events().of(run).stream()
                .filter(event -> event.kind() == RunEvent.Kind.OUTPUT_VERIFIED)
                .map(RunEvent::detail))
        .last()
        .isEqualTo("s3://lake/b/: 4 rows in 1 object, 10 bytes");

    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());
    Run next = claim();
    journal.jobs().submitting(next, "mart", attempt -> "other");
    assertThat(journal.jobs().outputs(next)).as("taken over").hasSize(2);
  }

  @Test
  void usualRowsAreTheMedianOfOtherDatesThatSucceeded() {
    for (int day = 1; day <= 5; day++) {
      Run run = TestRuns.claim(journal, pipeline, DATE.minusDays(day), false);
      journal.jobs().submitting(run, "mart", attempt -> "key");
      journal.jobs().submitted(run, "mart", 7);
      journal.jobs().succeeded(run, "mart", Optional.empty());
      journal.jobs().verified(run, "mart", 1, 2, report("s3://lake/a/", 10L * day), "");
      journal.jobs().verified(run, "mart", 2, 2, report("s3://lake/b/", 1), "");
      TestRuns.end(journal, run, day == 5 ? RunState.FAILED : RunState.SUCCEEDED, Optional.empty());
    }

    Run run = claim();
    assertThat(journal.jobs().usualRows(run, "mart", 1)).contains(30L);
    assertThat(journal.jobs().usualRows(run, "mart", 3)).isEmpty();
  }

  @Test
  void runKeepsTheDefinitionThatItBeganWith() {
    Run run = claim();
    assertThat(journal.definitions().of(run)).isEmpty();

    assertThat(journal.definitions().keep(run, "first")).isEqualTo("first");
    assertThat(journal.definitions().keep(run, "second")).isEqualTo("first");

    assertThat(journal.definitions().of(run)).contains("first");
    Run other = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    assertThat(journal.definitions().keep(other, "first")).as("shared").isEqualTo("first");
    String large = "x".repeat(100_000);
    Run third = TestRuns.claim(journal, pipeline, DATE.plusDays(2), false);
    journal.definitions().keep(third, large);
    assertThat(journal.definitions().of(third)).contains(large);
  }

  @Test
  void onlyWhoDrivesTheRunSetsItsDefinition() {
    Run run = claim();
    journal.claims().letGo(run);
    assertThatExceptionOfType(RunLostException.class)
        .isThrownBy(() -> journal.definitions().keep(run, "first"));
  }

  @Test
  void jobsAreListedInTheOrderOfSubmissionAndOfTheirOwnRunOnly() {
    Run run = claim();
    journal.jobs().submitting(run, "z", attempt -> "key-z");
    CLOCK.pass(Duration.ofSeconds(1));
    journal.jobs().submitting(run, "a", attempt -> "key-a");
    Run other = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    journal.jobs().submitting(other, "a", attempt -> "key-a2");
    journal.jobs().failed(other, "a", Optional.empty(), "exit code 1");

    assertThat(journal.jobs().latest(run)).extracting(JobRun::job).containsExactly("z", "a");
    assertThat(journal.jobs().find(run, "a").orElseThrow().state()).isEqualTo(JobState.SUBMITTING);
    assertThat(journal.jobs().find(run, "q")).isEmpty();
  }

  @Test
  void failedAttemptOfAJobIsFollowedByOneOfAnotherKey() {
    Run run = claim();
    assertThat(journal.jobs().submitting(run, "mart", attempt -> "key" + attempt).batchKey())
        .isEqualTo("key1");
    journal.jobs().submitted(run, "mart", 7);
    journal.jobs().failed(run, "mart", Optional.empty(), "exit code 1");

    JobRun second = journal.jobs().submitting(run, "mart", attempt -> "key" + attempt);

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.batchKey()).isEqualTo("key2");
    assertThat(second.batchId()).isEmpty();
    assertThat(journal.jobs().latest(run)).containsExactly(second);
    assertThat(journal.jobs().attempts(run)).extracting(JobRun::attempt).containsExactly(1, 2);
  }

  private void succeed(Run run, String job) {
    journal.jobs().submitting(run, job, attempt -> job + attempt);
    journal.jobs().submitted(run, job, 1);
    journal.jobs().succeeded(run, job, Optional.of("application_1"));
  }

  @Test
  void newAttemptOfARunTakesOverWhatSucceededAndCountsOn() {
    Run first = claim();
    succeed(first, "a");
    journal.jobs().submitting(first, "b", attempt -> "b" + attempt);
    journal.jobs().failed(first, "b", Optional.empty(), "exit code 1");
    TestRuns.end(journal, first, RunState.FAILED, Optional.of("exit code 1"));

    Run second = claim();
    JobRun a = journal.jobs().submitting(second, "a", attempt -> "a" + attempt);
    JobRun b = journal.jobs().submitting(second, "b", attempt -> "b" + attempt);

    assertThat(a.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(a.batchKey()).isEqualTo("a1");
    assertThat(b.state()).isEqualTo(JobState.SUBMITTING);
    assertThat(b.batchKey()).isEqualTo("b2");
  }

  @Test
  void afreshTakesNothingOverAndIsWhatLaterAttemptsLookBackTo() {
    Run first = claim();
    succeed(first, "a");
    TestRuns.end(journal, first, RunState.SUCCEEDED, Optional.empty());
    Run afresh = TestRuns.claim(journal, pipeline, DATE, true);
    assertThat(journal.jobs().submitting(afresh, "a", attempt -> "a" + attempt).batchKey())
        .isEqualTo("a2");
    TestRuns.end(journal, afresh, RunState.FAILED, Optional.of("x"));

    Run third = claim();

    assertThat(third.afresh()).isFalse();
    assertThat(journal.jobs().submitting(third, "a", attempt -> "a" + attempt).batchKey())
        .isEqualTo("a3");
  }
}
