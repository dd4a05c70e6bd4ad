package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.caravan.processors.output.OutputReport;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.MutableClock;
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

  private Run claim() {
    return TestRuns.claim(journal, pipeline, DATE, false);
  }

  private Run ended(RunState state) {
    Run run = claim();
    journal.end(run, state, Optional.empty());
    return run;
  }

  private ClusterSession session(Run run) {
    return journal.session(run).orElseThrow();
  }

  private static List<RunEvent.Kind> kinds(Run run) {
    return journal.events(run).stream().map(RunEvent::kind).toList();
  }

  @Test
  void newDateIsClaimedAsItsFirstAttempt() {
    Run run = claim();

    assertThat(run)
        .isEqualTo(
            new Run(
                pipeline + "/2026-11-21/1",
                pipeline,
                DATE,
                1,
                Optional.of("c-" + pipeline + "-" + DATE),
                false,
                RunState.RUNNING,
                Optional.empty(),
                START,
                Optional.empty(),
                Optional.empty()));
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
    assertThat(journal.lastRun(pipeline, DATE)).contains(next);
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

    assertThat(journal.claim(pipeline, DATE, "c-" + pipeline + "-" + DATE, false))
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
    int events = journal.events(run).size();

    assertThatIllegalStateException()
        .isThrownBy(() -> journal.end(run, to, Optional.of("late")))
        .withMessage("Run " + run.id() + " is " + from + " and can't become " + to + ".");

    Run kept = journal.lastRun(pipeline, DATE).orElseThrow();
    assertThat(kept.state()).isEqualTo(from);
    assertThat(kept.endedAt()).contains(START);
    assertThat(kept.failure()).isEmpty();
    assertThat(journal.events(run)).hasSize(events);
  }

  @Test
  void intentToSubmitIsWrittenOnce() {
    Run run = claim();
    JobRun intent = journal.submitting(run, "mart", attempt -> "key");
    assertThat(intent.state()).isEqualTo(JobState.SUBMITTING);
    assertThat(intent.batchId()).isEmpty();
    journal.submitted(run, "mart", 7);
    CLOCK.pass(Duration.ofHours(1));

    JobRun again = journal.submitting(run, "mart", attempt -> "another key");

    assertThat(again.state()).isEqualTo(JobState.SUBMITTED);
    assertThat(again.batchKey()).isEqualTo("key");
    assertThat(again.batchId()).contains(7);
    assertThat(again.submittedAt()).isEqualTo(START);
  }

  @Test
  void jobGoesFromIntentToVerifiedOutput() {
    Run run = claim();
    journal.submitting(run, "mart", attempt -> "key");
    journal.submitted(run, "mart", 7);
    journal.logShippedTo(run, "mart", "s3://lake/logs/tag/");
    CLOCK.pass(Duration.ofMinutes(3));
    journal.jobSucceeded(run, "mart", Optional.of("application_1"));
    journal.verified(
        run,
        "mart",
        new OutputReport(
            S3Location.of("s3://lake/mart/"),
            2,
            3_000_000_000L,
            OptionalLong.of(1234),
            List.of("user_id"),
            Optional.of(START),
            Optional.of(START)),
        "");

    assertThat(journal.job(run, "mart"))
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
                Optional.of("s3://lake/mart/"),
                Optional.of(2L),
                Optional.of(3_000_000_000L),
                Optional.of(1234L),
                Optional.empty(),
                Optional.of("s3://lake/logs/tag/")));
    assertThat(kinds(run))
        .containsExactly(
            RunEvent.Kind.RUN_CLAIMED,
            RunEvent.Kind.JOB_SUBMITTED,
            RunEvent.Kind.JOB_ENDED,
            RunEvent.Kind.OUTPUT_VERIFIED);
  }

  @Test
  void jobsAreListedInTheOrderOfSubmissionAndOfTheirOwnRunOnly() {
    Run run = claim();
    journal.submitting(run, "z", attempt -> "key-z");
    CLOCK.pass(Duration.ofSeconds(1));
    journal.submitting(run, "a", attempt -> "key-a");
    Run other = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    journal.submitting(other, "a", attempt -> "key-a2");
    journal.jobFailed(other, "a", Optional.empty(), "exit code 1");

    assertThat(journal.jobs(run)).extracting(JobRun::job).containsExactly("z", "a");
    assertThat(journal.job(run, "a").orElseThrow().state()).isEqualTo(JobState.SUBMITTING);
    assertThat(journal.job(run, "q")).isEmpty();
  }

  @Test
  void sessionIsOpenedOnceForTheIntentAndTheAnswer() {
    Run run = claim();
    journal.openSession(run, cluster, true);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.openSession(run, cluster, true);
    journal.startAccepted(run, "op-1");

    ClusterSession again = journal.openSession(run, cluster, false);

    assertThat(again)
        .isEqualTo(
            new ClusterSession(
                again.id(),
                run.id(),
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
    assertThat(journal.owesStop(cluster)).isFalse();
    Run run = claim();
    journal.openSession(run, cluster, true);
    assertThat(journal.owesStop(cluster)).isTrue();
    journal.stopAsked(run);
    assertThat(journal.owesStop(cluster)).isTrue();
    assertThat(session(run).stopPending()).isTrue();

    journal.stopped(run);

    assertThat(journal.owesStop(cluster)).isFalse();
    assertThat(session(run).stopPending()).isFalse();
    assertThat(session(run).stoppedAt()).contains(START);
  }

  @Test
  void clusterThatWasFoundRunningIsNotOwed() {
    Run run = claim();
    journal.openSession(run, cluster, false);

    assertThat(session(run).ours()).isFalse();
    assertThat(journal.owesStop(cluster)).isFalse();
    assertThat(kinds(run)).contains(RunEvent.Kind.CLUSTER_FOUND_RUNNING);
  }

  @Test
  void intentToStopIsWrittenOnceAndKeepsItsTime() {
    Run run = claim();
    journal.openSession(run, cluster, true);
    journal.stopAsked(run);
    CLOCK.pass(Duration.ofMinutes(1));
    journal.stopAsked(run);

    assertThat(session(run).stopAskedAt()).contains(START);
    assertThat(kinds(run)).containsOnlyOnce(RunEvent.Kind.CLUSTER_STOP_ASKED);
  }

  @Test
  void sessionIsOpenedAnewAfterItsStop() {
    Run run = claim();
    journal.openSession(run, cluster, true);
    journal.startAccepted(run, "op-1");
    journal.stopAsked(run);
    journal.stopped(run);
    CLOCK.pass(Duration.ofHours(1));

    ClusterSession again = journal.openSession(run, cluster, true);

    assertThat(again.openedAt()).isEqualTo(START.plusSeconds(3600));
    assertThat(again.operationId()).isEmpty();
    assertThat(again.stopAskedAt()).isEmpty();
    assertThat(again.stoppedAt()).isEmpty();
    assertThat(again.stopPending()).isFalse();
    assertThat(journal.owesStop(cluster)).isTrue();
  }

  @Test
  void stopSettlesWhatEarlierRunsOwedThatClusterAndNoOther() {
    Run first = claim();
    journal.openSession(first, cluster, true);
    journal.stopAsked(first);
    journal.end(first, RunState.FAILED, Optional.empty());
    Run elsewhere = TestRuns.claim(journal, pipeline, DATE.plusDays(1), false);
    journal.openSession(elsewhere, cluster + "b", true);
    Run second = claim();
    journal.openSession(second, cluster, true);

    journal.stopped(second);

    assertThat(session(first).stopPending()).isFalse();
    assertThat(journal.owesStop(cluster)).isFalse();
    assertThat(journal.owesStop(cluster + "b")).isTrue();
  }

  @Test
  void withoutASessionNothingIsAskedToStop() {
    Run run = claim();
    journal.stopAsked(run);
    journal.stopped(run);

    assertThat(journal.session(run)).isEmpty();
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_CLAIMED);
  }

  @Test
  void eventsAreToldAndKeptInTheirOrder() {
    Run run = claim();
    List<RunEvent> told = new ArrayList<>();
    journal.onEvent(
        event -> told.addAll(event.runId().equals(run.id()) ? List.of(event) : List.of()));

    journal.event(run.id(), RunEvent.Kind.ENDPOINT_READY, "http://m", "");
    journal.event(run.id(), RunEvent.Kind.STOP_FAILED, cluster, "no permission");

    assertThat(told)
        .containsExactly(
            new RunEvent(run.id(), START, RunEvent.Kind.ENDPOINT_READY, "http://m", ""),
            new RunEvent(run.id(), START, RunEvent.Kind.STOP_FAILED, cluster, "no permission"));
    assertThat(journal.events(run)).endsWith(told.toArray(RunEvent[]::new));
  }

  private void sees(Run run, String status, Duration then) {
    journal.clusterStatus(run, status);
    CLOCK.pass(then);
  }

  @Test
  void clusterTimeIsCountedByStatusUpToTheEndOfTheRun() {
    Run run = claim();
    CLOCK.pass(Duration.ofMinutes(1));
    sees(run, "STARTING", Duration.ofMinutes(2));
    sees(run, "RUNNING", Duration.ofMinutes(3));
    sees(run, "RUNNING", Duration.ofMinutes(4));
    assertThat(journal.clusterTime(run)).isEqualTo(Map.of("STARTING", Duration.ofMinutes(2)));
    sees(run, "STOPPING", Duration.ofMinutes(5));
    journal.end(run, RunState.FAILED, Optional.empty());

    assertThat(journal.clusterTime(run))
        .containsExactly(
            Map.entry("STARTING", Duration.ofMinutes(2)),
            Map.entry("RUNNING", Duration.ofMinutes(7)),
            Map.entry("STOPPING", Duration.ofMinutes(5)));
  }

  // --- Who drives a run ---

  private Claim ask(String date, String clusterId) {
    return journal.claim(pipeline, LocalDate.parse(date), clusterId, false);
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
    journal.letGo(run);

    Claim.Held held = (Claim.Held) ask("2026-11-22", cluster);

    assertThat(held.run().id()).isEqualTo(run.id());
    assertThat(held.owner()).isEmpty();
    assertThat(ask("2026-11-21", cluster)).isEqualTo(new Claim.Taken(run, true));
  }

  @Test
  void endFreesDateAndCluster() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.end(run, RunState.FAILED, Optional.of("so it said"));

    assertThat(ask("2026-11-22", cluster)).isInstanceOf(Claim.Taken.class);
  }

  @Test
  void whoLostItsRunCanWriteNothingOfIt() {
    Run run = claim();
    journal.submitting(run, "mart", attempt -> "key");
    journal.letGo(run);
    assertThat(journal.isHeld(run)).isFalse();
    int events = journal.events(run).size();

    for (Runnable write :
        List.<Runnable>of(
            () -> journal.step(run, RunStep.AWAIT_JOB, "mart"),
            () -> journal.submitting(run, "other", attempt -> "key"),
            () -> journal.submitted(run, "mart", 7),
            () -> journal.logShippedTo(run, "mart", "s3://x/"),
            () -> journal.jobSucceeded(run, "mart", Optional.empty()),
            () -> journal.jobFailed(run, "mart", Optional.empty(), "x"),
            () -> journal.jobKilled(run, "mart", "x"),
            () -> journal.openSession(run, cluster, true),
            () -> journal.startAccepted(run, "op"),
            () -> journal.stopAsked(run),
            () -> journal.leftRunning(run, "x"),
            () -> journal.decide(run, RunState.FAILED, Optional.empty()),
            () -> journal.end(run, RunState.FAILED, Optional.empty()))) {
      assertThatExceptionOfType(RunLostException.class).isThrownBy(write::run);
    }

    assertThat(journal.run(run.id())).contains(run);
    assertThat(journal.job(run, "mart").orElseThrow().state()).isEqualTo(JobState.SUBMITTING);
    assertThat(journal.job(run, "other")).isEmpty();
    assertThat(journal.session(run)).isEmpty();
    assertThat(journal.steps(run)).isEmpty();
    assertThat(journal.events(run)).hasSize(events);
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
    assertThat(journal.submitting(run, "mart", attempt -> "key" + attempt).batchKey())
        .isEqualTo("key1");
    journal.submitted(run, "mart", 7);
    journal.jobFailed(run, "mart", Optional.empty(), "exit code 1");

    JobRun second = journal.submitting(run, "mart", attempt -> "key" + attempt);

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.batchKey()).isEqualTo("key2");
    assertThat(second.batchId()).isEmpty();
    assertThat(journal.jobs(run)).containsExactly(second);
    assertThat(journal.attempts(run)).extracting(JobRun::attempt).containsExactly(1, 2);
  }

  private void succeed(Run run, String job) {
    journal.submitting(run, job, attempt -> job + attempt);
    journal.submitted(run, job, 1);
    journal.jobSucceeded(run, job, Optional.of("application_1"));
  }

  @Test
  void newAttemptOfARunTakesOverWhatSucceededAndCountsOn() {
    Run first = claim();
    succeed(first, "a");
    journal.submitting(first, "b", attempt -> "b" + attempt);
    journal.jobFailed(first, "b", Optional.empty(), "exit code 1");
    journal.end(first, RunState.FAILED, Optional.of("exit code 1"));

    Run second = claim();
    JobRun a = journal.submitting(second, "a", attempt -> "a" + attempt);
    JobRun b = journal.submitting(second, "b", attempt -> "b" + attempt);

    assertThat(a.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(a.batchKey()).isEqualTo("a1");
    assertThat(b.state()).isEqualTo(JobState.SUBMITTING);
    assertThat(b.batchKey()).isEqualTo("b2");
  }

  @Test
  void afreshTakesNothingOverAndIsWhatLaterAttemptsLookBackTo() {
    Run first = claim();
    succeed(first, "a");
    journal.end(first, RunState.SUCCEEDED, Optional.empty());
    Run afresh = TestRuns.claim(journal, pipeline, DATE, true);
    assertThat(journal.submitting(afresh, "a", attempt -> "a" + attempt).batchKey())
        .isEqualTo("a2");
    journal.end(afresh, RunState.FAILED, Optional.of("x"));

    Run third = claim();

    assertThat(third.afresh()).isFalse();
    assertThat(journal.submitting(third, "a", attempt -> "a" + attempt).batchKey()).isEqualTo("a3");
  }

  // --- What is left behind ---

  @Test
  void sessionOfAnEndedRunThatOwesItsStopIsFoundAndSettled() {
    Run run = TestRuns.claim(journal, pipeline, DATE, cluster, false);
    journal.openSession(run, cluster, true);
    assertThat(journal.forgottenSessions(pipeline, cluster)).as("its run lives").isEmpty();
    journal.stopAsked(run);
    journal.end(run, RunState.FAILED, Optional.of("x"));

    ClusterSession forgotten = journal.forgottenSessions(pipeline, "other").get(0);
    assertThat(forgotten.clusterId()).isEqualTo(cluster);
    assertThat(journal.claimStop(forgotten)).isTrue();
    assertThat(ask("2026-11-22", cluster))
        .as("nothing begins there")
        .isInstanceOf(Claim.Held.class);
    journal.stopped(cluster);
    journal.dropStopClaim(forgotten);

    assertThat(journal.forgottenSessions(pipeline, cluster)).isEmpty();
    assertThat(ask("2026-11-22", cluster)).isInstanceOf(Claim.Taken.class);
    assertThat(journal.claimStop(forgotten)).as("a run needs the cluster").isFalse();
  }

  @Test
  void openRunsAreListedOldestFirst() {
    Run first = TestRuns.claim(journal, pipeline, DATE, false);
    CLOCK.pass(Duration.ofMinutes(1));
    Run second = TestRuns.claim(journal, pipeline, DATE.minusDays(1), false);
    Run ended = TestRuns.claim(journal, pipeline, DATE.minusDays(2), false);
    journal.end(ended, RunState.FAILED, Optional.empty());

    assertThat(journal.openRuns(pipeline)).containsExactly(first, second);
  }

  @Test
  void whatIsDecidedOfARunIsFoundByWhoTakesItUp() {
    Run run = claim();
    journal.decide(run, RunState.FAILED, Optional.of("Job mart failed"));
    journal.letGo(run);

    Run taken = claim();

    assertThat(taken.id()).isEqualTo(run.id());
    assertThat(taken.state()).isEqualTo(RunState.RUNNING);
    assertThat(taken.outcome()).contains(RunState.FAILED);
    assertThat(taken.failure()).contains("Job mart failed");
  }

  @Test
  void stepsAreWrittenOnceEachInTheirOrder() {
    Run run = claim();
    journal.step(run, RunStep.START_CLUSTER, "");
    journal.step(run, RunStep.START_CLUSTER, "");
    CLOCK.pass(Duration.ofMinutes(1));
    journal.step(run, RunStep.SUBMIT_JOB, "mart");
    journal.end(run, RunState.FAILED, Optional.empty());

    assertThat(journal.steps(run))
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
    assertThat(journal.usualStart(cluster)).isEmpty();
    for (int minutes : List.of(9, 5, 7)) {
      Run run = TestRuns.claim(journal, pipeline, DATE.plusDays(minutes), cluster, false);
      journal.openSession(run, cluster, true);
      CLOCK.pass(Duration.ofMinutes(minutes));
      journal.clusterStatus(run, "RUNNING");
      journal.stopAsked(run);
      CLOCK.pass(Duration.ofMinutes(1));
      journal.stopped(run);
      journal.end(run, RunState.SUCCEEDED, Optional.empty());
    }

    assertThat(journal.usualStart(cluster)).contains(Duration.ofMinutes(7));
    assertThat(journal.usualStop(cluster)).contains(Duration.ofMinutes(1));
  }
}
