package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who drives which run, whatever the database: attempts, claims, further runs of a session. */
abstract class ClaimContract extends JournalContract {
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
}
