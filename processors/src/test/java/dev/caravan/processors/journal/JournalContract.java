package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.MutableClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the journal promises, whatever its database. One database for all tests of a subclass; each
 * test has a pipeline and a cluster of its own.
 */
abstract class JournalContract {
  private static final LocalDate DATE = LocalDate.of(2026, 11, 21);
  private static final Instant START = Instant.parse("2026-11-22T03:00:00Z");
  static final MutableClock CLOCK = new MutableClock(START);
  static Journal journal;

  private final String pipeline = "p" + UUID.randomUUID().toString().substring(0, 8);
  private final String cluster = "c-" + pipeline;

  @AfterAll
  static void close() {
    journal.close();
  }

  JournalContract() {
    CLOCK.set(START);
  }

  /** As if this process had died so long ago that its claims have lapsed. */
  abstract void die();

  /** For statements beside the journal. */
  abstract Connection connect() throws SQLException;

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Run claim() {
    return TestRuns.claim(journal, pipeline, DATE, false);
  }

  private Run ended(RunState state) {
    Run run = claim();
    TestRuns.end(journal, run, state, Optional.empty());
    return run;
  }

  private ClusterSession session(Run run) {
    return journal.sessions().of(run).orElseThrow();
  }

  private static List<RunEvent.Kind> kinds(Run run) {
    return journal.events().of(run).stream().map(RunEvent::kind).toList();
  }

  @Test
  void newDateIsClaimedAsItsFirstAttempt() {
    Run run = claim();

    assertThat(run)
        .isEqualTo(TestRuns.running(pipeline, DATE, 1, "c-" + pipeline + "-" + DATE, START));
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
  }

  @Test
  void datesAndPipelinesAreClaimedApart() {
    claim();

    assertThat(TestRuns.claim(journal, pipeline, DATE.plusDays(1), false).attempt()).isEqualTo(1);
    assertThat(TestRuns.claim(journal, pipeline + "b", DATE, false).attempt()).isEqualTo(1);
  }

  @Test
  void failedDateGetsANewAttempt() {
    Run failed = ended(RunState.FAILED);

    Run next = claim();

    assertThat(next.attempt()).isEqualTo(2);
    assertThat(next.id()).isNotEqualTo(failed.id());
    assertThat(journal.runs().last(pipeline, DATE)).contains(next);
  }

  @Test
  void attemptWhoseProcessDiedIsContinued() {
    Run run = claim();
    die();

    Run again = claim();

    assertThat(again).as("as it was first claimed").isEqualTo(run);
  }

  @Test
  void interruptedAttemptIsFollowedByANewOneSinceItsBatchesWereKilled() {
    ended(RunState.INTERRUPTED);

    assertThat(claim().attempt()).isEqualTo(2);
  }

  @Test
  void dateThatSucceededIsClaimedOnlyWhenAskedFor() {
    ended(RunState.SUCCEEDED);

    assertThat(journal.claims().claim(pipeline, DATE, "c-" + pipeline + "-" + DATE, false))
        .isInstanceOf(Claim.Done.class);
    assertThat(TestRuns.claim(journal, pipeline, DATE, true).attempt()).isEqualTo(2);
  }

  @Test
  void againDoesNotDoubleARunThatGoesOn() {
    Run run = claim();

    die();

    assertThat(TestRuns.claim(journal, pipeline, DATE, true)).isEqualTo(run);
  }

  @Test
  void attemptsAreCountedPastNine() {
    for (int attempt = 1; attempt <= 11; attempt++) {
      assertThat(ended(RunState.FAILED).attempt()).isEqualTo(attempt);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, FAILED",
    "SUCCEEDED, SUCCEEDED",
    "SUCCEEDED, INTERRUPTED",
    "FAILED, SUCCEEDED",
    "FAILED, FAILED",
    "INTERRUPTED, SUCCEEDED",
  })
  void endedRunDoesNotEndOtherwise(RunState from, RunState to) {
    Run run = ended(from);
    CLOCK.pass(Duration.ofHours(1));
    int events = journal.events().of(run).size();

    assertThatIllegalStateException()
        .isThrownBy(() -> TestRuns.end(journal, run, to, Optional.of("late")))
        .withMessage("Run " + run.id() + " is " + from + " and can't become " + to + ".");

    Run kept = journal.runs().last(pipeline, DATE).orElseThrow();
    assertThat(kept.state()).isEqualTo(from);
    assertThat(kept.endedAt()).contains(START);
    assertThat(kept.failure()).isEmpty();
    assertThat(journal.events().of(run)).hasSize(events);
  }

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
  void sessionIsOpenedOnceForTheIntentAndTheAnswer() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.sessions().open(run, cluster, true);
    journal.sessions().startAccepted(run, "op-1");

    ClusterSession again = journal.sessions().open(run, cluster, false);

    assertThat(again)
        .isEqualTo(
            new ClusterSession(
                again.id(),
                cluster,
                true,
                SessionState.START_ASKED,
                START,
                Optional.of("op-1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(kinds(run))
        .containsExactly(RunEvent.Kind.RUN_CLAIMED, RunEvent.Kind.CLUSTER_START_ASKED);
  }

  @Test
  void startIsOwedFromItsIntentUntilTheCloudHasStopped() {
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
    journal.sessions().stopAsked(run);
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
    assertThat(session(run).stopPending()).isTrue();

    journal.sessions().stopped(run);

    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(session(run).stopPending()).isFalse();
    assertThat(session(run).stoppedAt()).contains(START);
  }

  @Test
  void clusterThatWasFoundRunningIsNotOwed() {
    Run run = claim();
    journal.sessions().open(run, cluster, false);

    assertThat(session(run).ours()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(kinds(run)).contains(RunEvent.Kind.CLUSTER_FOUND_RUNNING);
  }

  @Test
  void intentToStopIsWrittenOnceAndKeepsItsTime() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    journal.sessions().stopAsked(run);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.sessions().stopAsked(run);

    assertThat(session(run).stopAskedAt()).contains(START);
    assertThat(kinds(run)).containsOnlyOnce(RunEvent.Kind.CLUSTER_STOP_ASKED);
  }

  @Test
  void sessionIsOpenedAnewAfterItsStop() {
    Run run = claim();
    journal.sessions().open(run, cluster, true);
    journal.sessions().startAccepted(run, "op-1");
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(run);
    CLOCK.pass(Duration.ofHours(1));

    ClusterSession again = journal.sessions().open(run, cluster, true);

    assertThat(again.openedAt()).isEqualTo(START.plusSeconds(3600));
    assertThat(again.operationId()).isEmpty();
    assertThat(again.stopAskedAt()).isEmpty();
    assertThat(again.stoppedAt()).isEmpty();
    assertThat(again.stopPending()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isTrue();
  }

  @Test
  void stopSettlesWhatEarlierRunsOwedThatClusterAndNoOther() {
    Run first = claim();
    journal.sessions().open(first, cluster, true);
    journal.sessions().stopAsked(first);
    TestRuns.end(journal, first, RunState.FAILED, Optional.empty());
    Run elsewhere = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    journal.sessions().open(elsewhere, cluster + "b", true);
    Run second = claim();
    journal.sessions().open(second, cluster, true);

    journal.sessions().stopped(second);

    assertThat(session(first).stopPending()).isFalse();
    assertThat(journal.sessions().owesStop(cluster)).isFalse();
    assertThat(journal.sessions().owesStop(cluster + "b")).isTrue();
  }

  @Test
  void withoutASessionNothingIsAskedToStop() {
    Run run = claim();
    journal.sessions().stopAsked(run);
    journal.sessions().stopped(run);

    assertThat(journal.sessions().of(run)).isEmpty();
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
  }

  @Test
  void eventsAreToldAndKeptInTheirOrder() {
    Run run = claim();
    List<RunEvent> told = new ArrayList<>();
    journal.onEvent(
        event -> told.addAll(event.runId().equals(run.id()) ? List.of(event) : List.of()));

    journal.events().write(run.id(), RunEvent.Kind.ENDPOINT_READY, "http://m", "");
    journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, Optional.of(run.id()), "no permission");

    assertThat(told)
        .containsExactly(
            new RunEvent(run.id(), START, RunEvent.Kind.ENDPOINT_READY, "http://m", ""),
            new RunEvent(
                run.id(),
                START,
                RunEvent.Kind.ALARM_RAISED,
                "STOP_FAILED " + cluster,
                "no permission"));
    assertThat(journal.events().of(run)).endsWith(told.toArray(RunEvent[]::new));
  }

  @Test
  void stateWhoseEventCannotBeWrittenIsNotWrittenEither() throws Exception {
    Run run = claim();
    String job = "job-" + pipeline;
    journal.jobs().submitting(run, job, attempt -> "key");
    List<RunEvent> told = Collections.synchronizedList(new ArrayList<>());
    journal.onEvent(told::add);
    String constraint = "no_event_of_" + pipeline;
    execute(
        "alter table event add constraint %s check (not (run_id = '%s' and id > 0)) %s"
            .formatted(constraint, run.id(), unchecked()));
    try {
      for (Runnable write :
          List.<Runnable>of(
              () -> journal.jobs().submitted(run, job, 7),
              () -> journal.jobs().failed(run, job, Optional.empty(), "x"),
              () -> journal.jobs().killed(run, job, "x"),
              () -> journal.sessions().open(run, cluster, true),
              () -> journal.statuses().seen(run, "RUNNING"),
              () -> journal.claims().handOver(run),
              () -> TestRuns.end(journal, run, RunState.FAILED, Optional.of("x")))) {
        assertThatExceptionOfType(JdbiException.class).isThrownBy(write::run);
      }
      journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, Optional.of(run.id()), "x");
    } finally {
      execute("alter table event drop constraint " + constraint);
    }

    assertThat(journal.jobs().find(run, job).orElseThrow().state()).isEqualTo(JobState.SUBMITTING);
    assertThat(journal.sessions().of(run)).isEmpty();
    assertThat(journal.statuses().of(run)).isEmpty();
    assertThat(journal.runs().find(run.id())).contains(run);
    assertThat(alarms()).isEmpty();
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
    assertThat(told).filteredOn(event -> event.runId().equals(run.id())).isEmpty();
  }

  /** What lets a constraint hold for new rows only. */
  abstract String unchecked();

  @Test
  void listenersHearOfAStateThatAnybodyCanRead() {
    Run run = claim();
    journal.jobs().submitting(run, "mart", attempt -> "key");
    List<JobState> seen = new ArrayList<>();
    journal.onEvent(
        event -> {
          if (event.runId().equals(run.id())) {
            seen.add(journal.jobs().find(run, "mart").orElseThrow().state());
          }
        });

    journal.jobs().submitted(run, "mart", 7);
    journal.jobs().failed(run, "mart", Optional.empty(), "x");

    assertThat(seen).containsExactly(JobState.SUBMITTED, JobState.FAILED);
  }

  @Test
  void listenerThatFailsDoesNotFailItsWriter() {
    Run run = claim();
    journal.onEvent(
        event -> {
          if (event.runId().equals(run.id())) {
            throw new IllegalStateException("a listener's trouble");
          }
        });

    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.runs().find(run.id()).orElseThrow().state()).isEqualTo(RunState.FAILED);
  }

  // --- Alarms ---

  private List<Alarm> alarms() {
    return journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().contains(pipeline))
        .toList();
  }

  @Test
  void alarmIsRaisedOnceUntilTheClusterIsStopped() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    Optional<String> id = Optional.of(run.id());
    journal.sessions().open(run, cluster, true);
    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "no permission");
    CLOCK.pass(Duration.ofMinutes(1));
    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "no permission");
    journal.alarms().raise(AlarmKind.STOP_FAILED, cluster, id, "no permission");

    assertThat(alarms())
        .containsExactly(
            alarm(AlarmKind.STOP_REFUSED, run, START, "no permission"),
            alarm(AlarmKind.STOP_FAILED, run, START.plusSeconds(60), "no permission"));
    assertThat(raised(run)).hasSize(2);

    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "quota");
    assertThat(alarms().get(0)).isEqualTo(alarm(AlarmKind.STOP_REFUSED, run, START, "quota"));
    assertThat(raised(run)).as("another cause is told").hasSize(3);

    journal.statuses().seen(run, "STOPPED");
    assertThat(alarms()).as("its start may still be under way").hasSize(2);
    journal.sessions().stopped(cluster);
    assertThat(alarms()).isEmpty();
    assertThat(kinds(run)).endsWith(RunEvent.Kind.ALARM_CLEARED, RunEvent.Kind.ALARM_CLEARED);

    journal.alarms().raise(AlarmKind.STOP_REFUSED, cluster, id, "quota");
    assertThat(alarms()).as("it is raised anew").hasSize(1);
  }

  private Alarm alarm(AlarmKind kind, Run run, Instant at, String detail) {
    return new Alarm(
        kind, cluster, Optional.of(run.id()), at, Optional.empty(), Optional.empty(), detail);
  }

  private static List<RunEvent> raised(Run run) {
    return journal.events().of(run).stream()
        .filter(event -> event.kind() == RunEvent.Kind.ALARM_RAISED)
        .toList();
  }

  @Test
  void clusterThatIsLeftRunningIsAnAlarmUntilSomebodySeesItStopped() {
    Run first = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.sessions().open(first, cluster, false);
    journal.sessions().leftRunning(first, "it was running before this run");
    TestRuns.end(journal, first, RunState.SUCCEEDED, Optional.empty());
    assertThat(alarms()).extracting(Alarm::kind).containsExactly(AlarmKind.LEFT_RUNNING);

    Run next = TestRuns.claim(journal, pipeline, DATE.plusDays(1), cluster, false);
    journal.statuses().seen(next, "RUNNING");
    assertThat(alarms()).hasSize(1);
    journal.statuses().seen(next, "STOPPED");

    assertThat(alarms()).isEmpty();
    assertThat(kinds(first)).endsWith(RunEvent.Kind.ALARM_CLEARED);
  }

  // --- Statuses ---

  private void sees(Run run, String status, Duration then) {
    journal.statuses().seen(run, status);
    CLOCK.pass(then);
  }

  @Test
  void clusterTimeIsCountedByStatusUpToTheEndOfTheRun() {
    Run run = claim();
    CLOCK.pass(Duration.ofMinutes(1));
    sees(run, "STARTING", Duration.ofMinutes(2));
    sees(run, "RUNNING", Duration.ofMinutes(3));
    sees(run, "RUNNING", Duration.ofMinutes(4));
    assertThat(journal.statuses().time(run)).isEqualTo(Map.of("STARTING", Duration.ofMinutes(2)));
    sees(run, "STOPPING", Duration.ofMinutes(5));
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.statuses().time(run))
        .containsExactly(
            Map.entry("STARTING", Duration.ofMinutes(2)),
            Map.entry("RUNNING", Duration.ofMinutes(7)),
            Map.entry("STOPPING", Duration.ofMinutes(5)));
  }

  @Test
  void statusLastsFromTheLookThatSawItToTheLookThatSawAnother() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    sees(run, "STOPPED", Duration.ofMinutes(1));
    assertThat(journal.sessions().of(run)).as("it has only been looked at").isEmpty();
    assertThat(journal.sessions().lastOn(cluster)).isEmpty();
    ClusterSession session = journal.sessions().open(run, cluster, true);
    sees(run, "RUNNING", Duration.ofMinutes(2));
    journal.sessions().stopAsked(run);
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());
    CLOCK.pass(Duration.ofMinutes(3));
    assertThat(journal.statuses().time(run))
        .isEqualTo(Map.of("STOPPED", Duration.ofMinutes(1), "RUNNING", Duration.ofMinutes(2)));

    journal.statuses().seen(run, "STOPPED");
    journal.sessions().stopped(cluster);

    Instant stopped = START.plusSeconds(360);
    assertThat(journal.statuses().of(run))
        .as("it ran until it was seen stopped, though its run had ended")
        .containsExactly(
            new ClusterStatusInterval(
                session.id(), "STOPPED", START, Optional.of(START.plusSeconds(60))),
            new ClusterStatusInterval(
                session.id(), "RUNNING", START.plusSeconds(60), Optional.of(stopped)),
            new ClusterStatusInterval(session.id(), "STOPPED", stopped, Optional.of(stopped)));
  }

  @Test
  void sessionMayHaveSeveralRunsAndIsForgottenOnceAllHaveEnded() throws Exception {
    Run first = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    ClusterSession session = journal.sessions().open(first, cluster, true);
    sees(first, "RUNNING", Duration.ofMinutes(1));
    TestRuns.end(journal, first, RunState.SUCCEEDED, Optional.empty());
    Run second = TestRuns.claim(journal, pipeline, DATE.plusDays(1), cluster, false);

    assertThat(journal.sessions().of(second)).isEqualTo(journal.sessions().of(first));
    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster))).isEmpty();
    assertThat(journal.runs().lastOf(session)).contains(second);
    journal.sessions().stopAsked(second);
    TestRuns.end(journal, second, RunState.SUCCEEDED, Optional.empty());

    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of("other")))
        .containsExactly(session(first));
    assertThat(session(first).stopPending()).isTrue();
  }

  // --- Who drives a run ---

  private Claim ask(String date, String clusterId) {
    return journal.claims().claim(pipeline, LocalDate.parse(date), clusterId, false);
  }

  @Test
  void dateThatIsBeingRunIsHeldEvenWithinOneProcess() {
    Run run = claim();

    Claim.Held held = (Claim.Held) ask("2026-11-21", "another");

    assertThat(held.run().id()).isEqualTo(run.id());
    assertThat(held.owner()).contains("/" + ProcessHandle.current().pid() + "/");
    assertThat(held.until()).isAfter(START);
  }

  @Test
  void clusterThatIsInUseIsHeldForOtherDates() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);

    assertThat(((Claim.Held) ask("2026-11-22", cluster)).run().id()).isEqualTo(run.id());
    assertThat(ask("2026-11-22", cluster + "b")).isInstanceOf(Claim.Taken.class);
  }

  @Test
  void clusterOfARunThatNobodyDrivesIsHeldUntilItIsTakenUp() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.claims().letGo(run);

    Claim.Held held = (Claim.Held) ask("2026-11-22", cluster);

    assertThat(held.run().id()).isEqualTo(run.id());
    assertThat(held.owner()).isEmpty();
    assertThat(ask("2026-11-21", cluster)).isEqualTo(new Claim.Taken(run, true));
  }

  @Test
  void endFreesDateAndCluster() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    TestRuns.end(journal, run, RunState.FAILED, Optional.of("so it said"));

    assertThat(ask("2026-11-22", cluster)).isInstanceOf(Claim.Taken.class);
  }

  // --- Further runs of a session ---

  private static final LocalDate NEXT = DATE.plusDays(1);

  /** The first of these two dates, whose session is open and whose run has ended. */
  private Run firstOfTwo() {
    Claim claim = journal.claims().claim(pipeline, List.of(DATE, NEXT), cluster, false);
    Run first = ((Claim.Taken) claim).run();
    journal.sessions().open(first, cluster, true);
    journal.runs().end(first, RunState.SUCCEEDED, Optional.empty());
    return first;
  }

  private Claim next() {
    return journal.claims().claimNext(pipeline, NEXT, cluster, false);
  }

  @Test
  void nextRunIsBegunInTheSessionOfTheFirst() {
    Run first = firstOfTwo();
    Run queued = journal.runs().last(pipeline, NEXT).orElseThrow();
    assertThat(queued.state()).isEqualTo(RunState.QUEUED);

    Claim.Taken taken = (Claim.Taken) next();

    Run second = taken.run();
    assertThat(taken.continued()).isFalse();
    assertThat(second.id()).isEqualTo(queued.id());
    assertThat(second.state()).isEqualTo(RunState.RUNNING);
    assertThat(journal.sessions().of(second)).isEqualTo(journal.sessions().of(first));
    assertThat(kinds(second)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
    assertThat(journal.claims().isHeld(second)).isTrue();
    assertThat(((Claim.Held) ask("2026-11-23", cluster)).run().id())
        .as("the cluster is held for the run at hand")
        .isEqualTo(second.id());
  }

  @Test
  void dateThatIsHeldElsewhereIsNotTakenAndTheSessionIsKept() {
    Run elsewhere = TestRuns.claim(journal, pipeline, NEXT, cluster + "b", false);
    Run first = firstOfTwo();

    Claim.Held held = (Claim.Held) next();

    assertThat(held.run().id()).isEqualTo(elsewhere.id());
    assertThat(journal.runs().last(pipeline, NEXT)).contains(elsewhere);
    assertThat(journal.claims().isSessionHeld(cluster)).isTrue();
    assertThat(journal.runs().lastOf(session(first)))
        .contains(journal.runs().find(first.id()).orElseThrow());
    TestRuns.end(journal, elsewhere, RunState.FAILED, Optional.of("x"));
    assertThat(((Claim.Taken) next()).run().attempt()).isEqualTo(2);
  }

  @Test
  void dateThatHasSucceededIsNotRunOnceMoreByASession() {
    TestRuns.end(
        journal,
        TestRuns.claim(journal, pipeline, NEXT, cluster + "b", false),
        RunState.SUCCEEDED,
        Optional.empty());
    firstOfTwo();

    assertThat(next()).isInstanceOf(Claim.Done.class);
    assertThat(journal.runs().last(pipeline, NEXT).orElseThrow().attempt()).isEqualTo(1);
    assertThat(journal.claims().isSessionHeld(cluster)).isTrue();
  }

  @Test
  void withoutTheSessionNoFurtherRunIsBegun() {
    assertThatExceptionOfType(RunLostException.class).isThrownBy(this::next);
    assertThat(journal.runs().last(pipeline, NEXT)).isEmpty();

    journal.claims().letGo(firstOfTwo());

    assertThatExceptionOfType(RunLostException.class).isThrownBy(this::next);
    assertThat(journal.runs().last(pipeline, NEXT).orElseThrow().state())
        .isEqualTo(RunState.QUEUED);
  }

  @Test
  void whoLostItsRunCanWriteNothingOfIt() {
    Run run = claim();
    journal.jobs().submitting(run, "mart", attempt -> "key");
    journal.claims().letGo(run);
    assertThat(journal.claims().isHeld(run)).isFalse();
    int events = journal.events().of(run).size();

    for (Runnable write :
        List.<Runnable>of(
            () -> journal.runs().step(run, RunStep.AWAIT_JOB, "mart"),
            () -> journal.jobs().submitting(run, "other", attempt -> "key"),
            () -> journal.jobs().submitted(run, "mart", 7),
            () -> journal.jobs().logShippedTo(run, "mart", "s3://x/"),
            () -> journal.jobs().succeeded(run, "mart", Optional.empty()),
            () -> journal.jobs().failed(run, "mart", Optional.empty(), "x"),
            () -> journal.jobs().killed(run, "mart", "x"),
            () -> journal.sessions().open(run, cluster, true),
            () -> journal.sessions().startAccepted(run, "op"),
            () -> journal.sessions().stopAsked(run),
            () -> journal.sessions().leftRunning(run, "x"),
            () -> journal.runs().decide(run, RunState.FAILED, Optional.empty()),
            () -> TestRuns.end(journal, run, RunState.FAILED, Optional.empty()))) {
      assertThatExceptionOfType(RunLostException.class).isThrownBy(write::run);
    }

    assertThat(journal.runs().find(run.id())).contains(run);
    assertThat(journal.jobs().find(run, "mart").orElseThrow().state())
        .isEqualTo(JobState.SUBMITTING);
    assertThat(journal.jobs().find(run, "other")).isEmpty();
    assertThat(journal.sessions().of(run)).isEmpty();
    assertThat(journal.runs().steps(run)).isEmpty();
    assertThat(journal.events().of(run)).hasSize(events);
  }

  @Test
  void oneOfManyThatClaimAtOnceGetsTheRun() throws Exception {
    int many = 8;
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      // Many rounds: two that look in the same moment have to be caught at it.
      for (int round = 1; round <= 60; round++) {
        String contended = cluster + "-" + round;
        String date = DATE.plusDays(round).toString();
        List<Callable<Claim>> asking = Collections.nCopies(many, () -> ask(date, contended));
        List<Claim> claims = new ArrayList<>();
        for (Future<Claim> each : threads.invokeAll(asking)) {
          claims.add(each.get());
        }

        assertThat(claims).filteredOn(Claim.Taken.class::isInstance).hasSize(1);
        assertThat(claims).filteredOn(Claim.Held.class::isInstance).hasSize(many - 1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  // --- Attempts ---

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

  // --- What is left behind ---

  @Test
  void sessionOfAnEndedRunThatOwesItsStopIsFoundAndSettled() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.sessions().open(run, cluster, true);
    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster)))
        .as("its run lives")
        .isEmpty();
    journal.sessions().stopAsked(run);
    TestRuns.end(journal, run, RunState.FAILED, Optional.of("x"));

    ClusterSession forgotten =
        journal.sessions().forgotten(List.of(pipeline), List.of("other")).get(0);
    assertThat(forgotten.clusterId()).isEqualTo(cluster);
    assertThat(journal.claims().claimStop(forgotten, run)).isTrue();
    assertThat(ask("2026-11-22", cluster))
        .as("nothing begins there")
        .isInstanceOf(Claim.Held.class);
    journal.sessions().stopped(cluster);
    journal.claims().endSession(run.clusterId().orElseThrow());

    assertThat(journal.sessions().forgotten(List.of(pipeline), List.of(cluster))).isEmpty();
    assertThat(ask("2026-11-22", cluster)).isInstanceOf(Claim.Taken.class);
    assertThat(journal.claims().claimStop(forgotten, run)).as("a run needs the cluster").isFalse();
  }

  @Test
  void openRunsAreListedOldestFirst() {
    Run first = TestRuns.claim(journal, pipeline, DATE, false);
    CLOCK.pass(Duration.ofMinutes(1));
    Run second = TestRuns.claim(journal, pipeline, DATE.minusDays(1), false);
    Run ended = TestRuns.claim(journal, pipeline, DATE.minusDays(2), false);
    TestRuns.end(journal, ended, RunState.FAILED, Optional.empty());

    assertThat(journal.runs().open(pipeline)).containsExactly(first, second);
  }

  @Test
  void whatIsDecidedOfARunIsFoundByWhoTakesItUp() {
    Run run = claim();
    journal.runs().decide(run, RunState.FAILED, Optional.of("Job mart failed"));
    journal.claims().letGo(run);

    Run taken = claim();

    assertThat(taken.id()).isEqualTo(run.id());
    assertThat(taken.state()).isEqualTo(RunState.RUNNING);
    assertThat(taken.outcome()).contains(RunState.FAILED);
    assertThat(taken.failure()).contains("Job mart failed");
  }

  @Test
  void stepsAreWrittenOnceEachInTheirOrder() {
    Run run = claim();
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    journal.runs().step(run, RunStep.START_CLUSTER, "");
    CLOCK.pass(Duration.ofMinutes(1));
    journal.runs().step(run, RunStep.SUBMIT_JOB, "mart");
    TestRuns.end(journal, run, RunState.FAILED, Optional.empty());

    assertThat(journal.runs().steps(run))
        .containsExactly(
            new StepRecord(
                run.id(), RunStep.START_CLUSTER, "", START, Optional.of(START.plusSeconds(60))),
            new StepRecord(
                run.id(),
                RunStep.SUBMIT_JOB,
                "mart",
                START.plusSeconds(60),
                Optional.of(START.plusSeconds(60))));
  }

  @Test
  void whatIsUsualIsTheMedianOfWhatWasSeen() {
    assertThat(journal.statuses().usualStart(cluster)).isEmpty();
    for (int minutes : List.of(9, 5, 7)) {
      Run run = TestRuns.claim(journal, pipeline, DATE.plusDays(minutes), cluster, false);
      journal.sessions().open(run, cluster, true);
      CLOCK.pass(Duration.ofMinutes(minutes));
      journal.statuses().seen(run, "RUNNING");
      journal.sessions().stopAsked(run);
      CLOCK.pass(Duration.ofMinutes(1));
      journal.sessions().stopped(run);
      TestRuns.end(journal, run, RunState.SUCCEEDED, Optional.empty());
    }

    assertThat(journal.statuses().usualStart(cluster)).contains(Duration.ofMinutes(7));
    assertThat(journal.statuses().usualStop(cluster)).contains(Duration.ofMinutes(1));
  }
}
