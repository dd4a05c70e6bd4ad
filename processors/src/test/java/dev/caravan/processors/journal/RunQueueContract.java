package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.processors.schedule.DoneBy;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.PipelinePause;
import dev.caravan.processors.schedule.Slots;
import dev.caravan.processors.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** What the journal promises as a queue, whatever its database. */
abstract class RunQueueContract extends QueueContract {
  private static final Timetable DAILY = daily(CatchUp.LAST, Overlap.QUEUE);
  private static final Instant SLOT = START.plus(Duration.ofMinutes(30));

  private static void days(int days) {
    CLOCK.set(SLOT.plus(Duration.ofDays(days)));
  }

  // --- Schedules ---

  @Test
  void slotIsQueuedOnceWithItsCauseAndDueTime() {
    Run run = due(DAILY);
    CLOCK.pass(Duration.ofSeconds(10));
    plan(DAILY);

    assertThat(runs()).containsExactly(run);
    assertThat(run.state()).isEqualTo(RunState.QUEUED);
    assertThat(run.clusterId()).contains(cluster);
    assertThat(run.cause()).contains(Cause.SCHEDULE);
    assertThat(run.dueAt()).contains(SLOT);
    assertThat(run.askedBy()).isEmpty();
    assertThat(run.backfillId()).isEmpty();
    assertThat(journal.events().of(run))
        .containsExactly(
            new RunEvent(run.id(), SLOT, RunEvent.Kind.RUN_QUEUED, "2026-11-21", "SCHEDULE"));
  }

  @Test
  void newPipelineQueuesNothingOfThePast() {
    days(0);
    plan(daily(CatchUp.ALL, Overlap.QUEUE));

    assertThat(runs()).isEmpty();
  }

  @Test
  void whatWasMissedIsCaughtUpOrARowWithTheReason() {
    end(takenOf(due(DAILY)), RunState.SUCCEEDED);
    days(3);
    plan(DAILY);

    assertThat(runs())
        .extracting(Run::logicalDate, Run::state, Run::cause, Run::failure)
        .containsExactlyInAnyOrder(
            tuple(DATE, RunState.SUCCEEDED, Optional.of(Cause.SCHEDULE), Optional.empty()),
            tuple(
                DATE.plusDays(1),
                RunState.SKIPPED,
                Optional.of(Cause.SCHEDULE),
                Optional.of("missed; catch-up is last, and a later date was missed, too")),
            tuple(DATE.plusDays(2), RunState.QUEUED, Optional.of(Cause.CATCH_UP), Optional.empty()),
            tuple(
                DATE.plusDays(3), RunState.QUEUED, Optional.of(Cause.SCHEDULE), Optional.empty()));
    Run skipped = last(DATE.plusDays(1));
    assertThat(skipped.dueAt()).contains(SLOT.plus(Duration.ofDays(1)));
    assertThat(skipped.endedAt()).contains(CLOCK.instant());
    assertThat(kinds(skipped)).containsExactly(RunEvent.Kind.RUN_SKIPPED);
  }

  @Test
  void dateThatSucceededByHandIsNotQueuedByItsSlotAndAFailedOneIs() {
    plan(DAILY);
    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);
    by("ann", DATE.plusDays(1));
    end(take(), RunState.FAILED);
    days(0);
    plan(DAILY);
    days(1);
    plan(DAILY);

    assertThat(last(DATE).attempt()).isEqualTo(1);
    assertThat(last(DATE.plusDays(1)).attempt()).isEqualTo(2);
    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void changedScheduleCatchesNothingUpThatItWouldHaveHadBefore() {
    plan(DAILY);
    for (int minute = 1; minute < 20; minute++) {
      CLOCK.pass(Duration.ofMinutes(1));
      plan(DAILY);
    }
    Timetable changed =
        new Timetable(
            Slots.cron("10 3 * * *", ZoneOffset.UTC),
            1,
            CatchUp.ALL,
            Duration.ofDays(7),
            Overlap.QUEUE,
            Optional.empty(),
            Optional.empty());
    plan(changed);

    assertThat(runs()).isEmpty();
    CLOCK.set(START.plus(Duration.ofMinutes(24 * 60 + 10)));
    plan(changed);
    assertThat(runs()).extracting(Run::logicalDate).containsExactly(DATE.plusDays(1));
  }

  @Test
  void replaceCancelsWhatIsQueuedAndAsksForTheEndOfWhatRuns() {
    Timetable replace = daily(CatchUp.LAST, Overlap.REPLACE);
    Run running = takenOf(due(replace));
    Run queued = by("ann", DATE.minusDays(9));
    days(1);
    plan(replace);

    String reason = "replaced by the run of 2026-11-22; overlap is replace";
    assertThat(now(running).state()).isEqualTo(RunState.RUNNING);
    assertThat(now(running).cancelRequest()).contains(reason);
    assertThat(kinds(running)).endsWith(RunEvent.Kind.RUN_CANCEL_ASKED);
    assertThat(now(queued).state()).isEqualTo(RunState.CANCELLED);
    assertThat(now(queued).failure()).contains(reason);
    assertThat(kinds(queued)).endsWith(RunEvent.Kind.RUN_ENDED);
    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void skipNamesTheRunThatIsInTheWay() {
    Timetable skip = daily(CatchUp.LAST, Overlap.SKIP);
    due(skip);
    days(1);
    plan(skip);

    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.SKIPPED);
    assertThat(last(DATE.plusDays(1)).failure())
        .contains("the run of 2026-11-21 is still open; overlap is skip");
  }

  @Test
  void orchestratorsThatPlanAtOnceQueueEachDateOnce() throws Exception {
    Timetable all = daily(CatchUp.ALL, Overlap.QUEUE);
    List<String> pipelines = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        String each = pipeline + "-" + round;
        pipelines.add(each);
        CLOCK.set(START);
        together(threads, () -> journal.queue().plan(each, cluster, all), 4);
        days(2);
        LocalDate byHand = DATE.plusDays(1);
        List<Callable<Object>> everybody = new ArrayList<>();
        for (Journal orchestrator : List.of(journal, other)) {
          everybody.add(() -> orchestrator.queue().plan(each, cluster, all));
          everybody.add(() -> orchestrator.queue().plan(each, cluster, all));
          everybody.add(() -> orchestrator.queue().add(each, cluster, byHand, false, "ann"));
        }
        for (Future<Object> done : threads.invokeAll(everybody)) {
          done.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }

    for (String each : pipelines) {
      assertThat(journal.runs().latest(each, 100))
          .extracting(Run::logicalDate)
          .as(each)
          .containsExactlyInAnyOrder(DATE, DATE.plusDays(1), DATE.plusDays(2));
    }
  }

  private static void together(ExecutorService threads, Callable<?> call, int times)
      throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      calls.add(threads.submit(call));
    }
    for (Future<?> done : calls) {
      done.get();
    }
  }

  // --- By hand ---

  @Test
  void runByHandIsQueuedUnderTheNameOfWhoAskedForIt() {
    RunQueue.Asked asked = journal.queue().add(pipeline, cluster, DATE, false, "ann");

    assertThat(asked.added()).isTrue();
    assertThat(asked.run().cause()).contains(Cause.HAND);
    assertThat(asked.run().askedBy()).contains("ann");
    assertThat(asked.run().dueAt()).contains(START);
    assertThat(journal.queue().add(pipeline, cluster, DATE, true, "bob"))
        .as("it is queued already")
        .isEqualTo(new RunQueue.Asked(asked.run(), false));
  }

  @Test
  void dateThatSucceededIsQueuedByHandOnlyWhenAskedFor() {
    by("ann", DATE);
    end(take(), RunState.SUCCEEDED);

    RunQueue.Asked again = journal.queue().add(pipeline, cluster, DATE, false, "ann");
    assertThat(again.added()).isFalse();
    assertThat(again.run().state()).isEqualTo(RunState.SUCCEEDED);
    RunQueue.Asked afresh = journal.queue().add(pipeline, cluster, DATE, true, "ann");
    assertThat(afresh.added()).isTrue();
    assertThat(afresh.run().afresh()).isTrue();
    assertThat(afresh.run().attempt()).isEqualTo(2);
  }

  // --- PipelinePause ---

  @Test
  void pausedPipelineSkipsItsSlotsAndStillRunsByHand() {
    Run before = due(DAILY);
    assertThat(journal.queue().pause(pipeline, "ann", "source is down")).isTrue();
    assertThat(journal.queue().pause(pipeline, "bob", "me too")).isFalse();
    days(1);
    plan(DAILY);

    assertThat(journal.queue().pause(pipeline))
        .contains(new PipelinePause(SLOT, "ann", "source is down"));
    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.SKIPPED);
    assertThat(last(DATE.plusDays(1)).failure()).contains("paused by ann: source is down");
    assertThat(by("bob", DATE.plusDays(1)).attempt()).isEqualTo(2);
    assertThat(take()).as("what was queued before the pause runs").isEqualTo(now(before));
    assertThat(of(pipeline))
        .containsExactly(
            new RunEvent(
                "",
                SLOT,
                RunEvent.Kind.PIPELINE_PAUSED,
                pipeline,
                "paused by ann: source is down"));
  }

  @Test
  void resumeCatchesNothingUpNotEvenWhatNobodyPlannedMeanwhile() {
    plan(DAILY);
    journal.queue().pause(pipeline, "ann", "");
    days(2);
    assertThat(resume(CatchUp.NONE)).isTrue();
    assertThat(resume(CatchUp.NONE)).isFalse();
    plan(DAILY);

    assertThat(journal.queue().pause(pipeline)).isEmpty();
    assertThat(runs()).hasSize(3);
    assertThat(runs()).allMatch(run -> run.state() == RunState.SKIPPED);
    assertThat(runs()).allMatch(run -> run.failure().equals(Optional.of("paused by ann")));
    days(3);
    plan(DAILY);
    assertThat(last(DATE.plusDays(3)).state()).isEqualTo(RunState.QUEUED);
    assertThat(of(pipeline))
        .extracting(RunEvent::kind)
        .containsExactly(RunEvent.Kind.PIPELINE_PAUSED, RunEvent.Kind.PIPELINE_RESUMED);
  }

  private boolean resume(CatchUp catchUp) {
    return journal.queue().resume(pipeline, cluster, Optional.of(DAILY), catchUp, "bob");
  }

  @Test
  void resumeCatchesUpWhatItIsAskedFor() {
    plan(DAILY);
    journal.queue().pause(pipeline, "ann", "");
    days(0);
    plan(DAILY);
    days(2);
    CLOCK.pass(Duration.ofHours(1));
    resume(CatchUp.LAST);

    assertThat(runs())
        .extracting(Run::logicalDate, Run::attempt, Run::state)
        .containsExactlyInAnyOrder(
            tuple(DATE, 1, RunState.SKIPPED),
            tuple(DATE.plusDays(1), 1, RunState.SKIPPED),
            tuple(DATE.plusDays(2), 1, RunState.SKIPPED),
            tuple(DATE.plusDays(2), 2, RunState.QUEUED));
    journal.queue().pause(pipeline, "ann", "");
    days(3);
    resume(CatchUp.ALL);
    assertThat(last(DATE.plusDays(3)).state()).isEqualTo(RunState.QUEUED);
    assertThat(last(DATE).attempt()).as("from before this pause").isEqualTo(1);
  }

  @Test
  void pipelineWithoutAScheduleIsPausedAndResumed() {
    journal.queue().pause(pipeline, "ann", "");
    assertThat(journal.queue().resume(pipeline, cluster, Optional.empty(), CatchUp.ALL, "ann"))
        .isTrue();
    assertThat(runs()).isEmpty();
  }

  // --- Cancel ---

  @Test
  void queuedRunIsCancelledAtOnce() {
    Run run = by("ann", DATE);

    Run cancelled = journal.runs().cancel(run.id(), "bob", "wrong date");

    assertThat(cancelled.state()).isEqualTo(RunState.CANCELLED);
    assertThat(cancelled.failure()).contains("cancelled by bob: wrong date");
    assertThat(cancelled.endedAt()).contains(START);
    assertThat(kinds(run)).containsExactly(RunEvent.Kind.RUN_QUEUED, RunEvent.Kind.RUN_ENDED);
    assertThat(journal.queue().next(cluster)).isEmpty();
    assertThat(journal.claims().claimDue(cluster)).isEmpty();
    assertThat(by("ann", DATE).attempt()).as("it can be asked for once more").isEqualTo(2);
  }

  @Test
  void runningRunIsToldAndEndedByWhoDrivesIt() {
    by("ann", DATE);
    Run run = take();

    Run asked = journal.runs().cancel(run.id(), "bob", "");
    Run again = journal.runs().cancel(run.id(), "eve", "");

    assertThat(asked.state()).isEqualTo(RunState.RUNNING);
    assertThat(again.cancelRequest()).contains("cancelled by bob");
    assertThat(kinds(run)).containsOnlyOnce(RunEvent.Kind.RUN_CANCEL_ASKED);
    TestRuns.end(journal, run, RunState.CANCELLED, again.cancelRequest());
    assertThat(now(run).state()).isEqualTo(RunState.CANCELLED);
    assertThat(journal.runs().cancel(run.id(), "eve", "").failure()).contains("cancelled by bob");
  }

  @Test
  void runThatIsNotThereIsNotCancelled() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.runs().cancel("nothing/2026-11-21/1", "ann", ""))
        .withMessage("There is no run nothing/2026-11-21/1.");
  }

  // --- Whose turn it is ---

  private Run takenOf(Run queued) {
    Run taken = take();
    assertThat(taken.id()).isEqualTo(queued.id());
    return taken;
  }

  private Optional<Run> takeNext() {
    return journal.claims().claimNextDue(cluster).map(claim -> ((Claim.Taken) claim).run());
  }

  @Test
  void runsAreTakenByDueTimeInOneSessionAndTheClusterIsHeldMeanwhile() {
    Run first = by("ann", DATE);
    CLOCK.pass(Duration.ofMinutes(1));
    String another = pipeline + "b";
    Run second = journal.queue().add(another, cluster, DATE.minusDays(5), false, "ann").run();
    CLOCK.pass(Duration.ofMinutes(1));
    Run third = by("ann", DATE.minusDays(5));
    journal.queue().add(another, cluster + "b", DATE, false, "ann");

    assertThat(journal.queue().next(cluster)).contains(first);
    Run taken = takenOf(first);
    journal.sessions().open(taken, cluster, true);
    assertThat(journal.claims().isSessionHeld(cluster)).isTrue();
    assertThat(other.claims().claimDue(cluster).orElseThrow())
        .isInstanceOfSatisfying(
            Claim.Held.class, held -> assertThat(held.run().id()).isEqualTo(first.id()));
    journal.runs().end(taken, RunState.FAILED, Optional.of("x"));
    Run next = takeNext().orElseThrow();
    assertThat(next.id()).isEqualTo(second.id());
    assertThat(journal.sessions().of(next)).isEqualTo(journal.sessions().of(taken));
    assertThat(kinds(next)).containsExactly(RunEvent.Kind.RUN_QUEUED, RunEvent.Kind.RUN_CLAIMED);
    journal.runs().end(next, RunState.SUCCEEDED, Optional.empty());
    assertThat(takeNext().orElseThrow().id()).isEqualTo(third.id());
    journal.runs().end(third, RunState.SUCCEEDED, Optional.empty());
    assertThat(takeNext()).isEmpty();
    journal.claims().endSession(cluster);
    assertThat(journal.claims().claimDue(cluster)).isEmpty();
  }

  @Test
  void endOfASessionLeavesWhatIsQueuedToTheNext() {
    by("ann", DATE);
    Run second = by("ann", DATE.plusDays(1));
    end(take(), RunState.FAILED);

    assertThat(now(second).state()).isEqualTo(RunState.QUEUED);
    assertThat(take().id()).isEqualTo(second.id());
  }

  @Test
  void runThatAProcessLeftOpenIsTakenBeforeWhatIsQueued() {
    by("ann", DATE);
    Run left = take();
    Run queued = by("ann", DATE.minusDays(9));
    journal.claims().letGo(left);

    Claim.Taken taken = (Claim.Taken) journal.claims().claimDue(cluster).orElseThrow();

    assertThat(taken.continued()).isTrue();
    assertThat(taken.run().id()).isEqualTo(left.id());
    end(taken.run(), RunState.SUCCEEDED);
    takenOf(queued);
  }

  @Test
  void withoutTheSessionNothingIsTakenFromTheQueue() {
    by("ann", DATE);

    assertThatExceptionOfType(RunLostException.class).isThrownBy(this::takeNext);
    assertThat(last(DATE).state()).isEqualTo(RunState.QUEUED);
  }

  @Test
  void oneOfManyThatTakeOrCancelAtOnceGetsTheRun() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        String each = cluster + "-" + round;
        Run run = journal.queue().add(pipeline, each, DATE.plusDays(round), false, "ann").run();
        List<Future<Optional<Claim>>> takers =
            List.of(
                threads.submit(() -> journal.claims().claimDue(each)),
                threads.submit(() -> other.claims().claimDue(each)));
        Future<Run> cancel = threads.submit(() -> other.runs().cancel(run.id(), "bob", ""));
        long taken = 0;
        for (Future<Optional<Claim>> taker : takers) {
          taken += taker.get().filter(Claim.Taken.class::isInstance).isPresent() ? 1 : 0;
        }
        cancel.get();

        Run after = now(run);
        assertThat(taken).isEqualTo(after.state() == RunState.CANCELLED ? 0 : 1);
        assertThat(after.cancelRequest().isPresent())
            .as("told to whoever took it")
            .isEqualTo(after.state() == RunState.RUNNING);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void runThatAShutdownInterruptedIsQueuedOnceMoreUnlessByHandOrCancelled() {
    Run scheduled = takenOf(due(DAILY));
    end(scheduled, RunState.INTERRUPTED);
    Run again = last(DATE);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.state()).isEqualTo(RunState.QUEUED);
    assertThat(again.dueAt()).isEqualTo(scheduled.dueAt());
    assertThat(again.cause()).contains(Cause.SCHEDULE);
    take();
    journal.runs().cancel(again.id(), "ann", "");
    end(again, RunState.INTERRUPTED);
    assertThat(last(DATE).attempt()).isEqualTo(2);

    by("ann", DATE.plusDays(1));
    end(take(), RunState.INTERRUPTED);
    assertThat(last(DATE.plusDays(1)).attempt()).isEqualTo(1);
  }

  // --- Late ---

  private List<Alarm> alarms() {
    return journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().startsWith(pipeline + "/"))
        .toList();
  }

  @Test
  void runThatHasNotBegunWithinItsBoundIsAnAlarmUntilItBegins() {
    Run run = due(DAILY);
    CLOCK.pass(Duration.ofMinutes(59));
    plan(DAILY);
    assertThat(alarms()).isEmpty();
    CLOCK.pass(Duration.ofMinutes(1));
    plan(DAILY);
    CLOCK.pass(Duration.ofMinutes(1));
    plan(DAILY);

    assertThat(alarms())
        .containsExactly(
            new Alarm(
                AlarmKind.RUN_LATE,
                run.id(),
                Optional.of(run.id()),
                SLOT.plus(Duration.ofHours(1)),
                Optional.empty(),
                Optional.empty(),
                "queued since 2026-11-22T03:30:00Z, it has not begun within 1h"));
    take();
    assertThat(alarms()).isEmpty();
    assertThat(kinds(run))
        .containsExactly(
            RunEvent.Kind.RUN_QUEUED,
            RunEvent.Kind.ALARM_RAISED,
            RunEvent.Kind.ALARM_CLEARED,
            RunEvent.Kind.RUN_CLAIMED);
  }

  // --- Overdue ---

  /** Due at 03:30, to be done by 07:00. */
  private static final Timetable DONE_BY_SEVEN =
      new Timetable(
          Slots.cron("30 3 * * *", ZoneOffset.UTC),
          1,
          CatchUp.ALL,
          Duration.ofDays(30),
          Overlap.QUEUE,
          Optional.empty(),
          Optional.of(new DoneBy(LocalTime.of(7, 0), ZoneOffset.UTC)));

  private static final Duration UNTIL_SEVEN = Duration.ofMinutes(210);

  private List<String> overdue() {
    return alarms().stream()
        .filter(alarm -> alarm.kind() == AlarmKind.RUN_OVERDUE)
        .map(alarm -> alarm.subject() + " " + alarm.detail())
        .toList();
  }

  private void atSeven(int days) {
    CLOCK.set(SLOT.plus(Duration.ofDays(days)).plus(UNTIL_SEVEN));
    plan(DONE_BY_SEVEN);
  }

  private void succeed(LocalDate date) {
    journal.queue().add(pipeline, cluster, date, false, "ann");
    end(take(), RunState.SUCCEEDED);
  }

  @Test
  void dateThatHasNotSucceededInTimeIsOverdueUntilItDoes() {
    Run run = due(DONE_BY_SEVEN);
    CLOCK.pass(UNTIL_SEVEN.minusSeconds(1));
    plan(DONE_BY_SEVEN);
    assertThat(overdue()).isEmpty();
    atSeven(0);
    other.queue().plan(pipeline, cluster, DONE_BY_SEVEN);
    CLOCK.pass(Duration.ofMinutes(5));
    plan(DONE_BY_SEVEN);

    String subject = pipeline + "/" + DATE;
    assertThat(overdue())
        .containsExactly(subject + " it has not succeeded by 07:00 Z; attempt 1 is QUEUED");
    end(take(), RunState.FAILED);
    assertThat(overdue()).as("a failure is no recovery").hasSize(1);
    succeed(DATE);
    assertThat(overdue()).isEmpty();
    assertThat(alarms()).isEmpty();
    plan(DONE_BY_SEVEN);
    atSeven(0);
    assertThat(overdue()).as("once for a date").isEmpty();
    assertThat(journal.events().of(run))
        .filteredOn(event -> event.subject().equals("RUN_OVERDUE " + subject))
        .extracting(RunEvent::kind)
        .containsExactly(RunEvent.Kind.ALARM_RAISED, RunEvent.Kind.ALARM_CLEARED);
  }

  @Test
  void overdueTellsHowTheLastAttemptStands() {
    Run run = due(DONE_BY_SEVEN);
    TestRuns.end(journal, takenOf(run), RunState.FAILED, Optional.of("load: no space left"));
    atSeven(0);

    assertThat(overdue())
        .containsExactly(
            pipeline
                + "/"
                + DATE
                + " it has not succeeded by 07:00 Z; attempt 1 is FAILED: load: no space left");
  }

  @Test
  void dateThatSucceededInTimeIsNotOverdueThoughALaterRunOfItFails() {
    due(DONE_BY_SEVEN);
    end(take(), RunState.SUCCEEDED);
    journal.queue().add(pipeline, cluster, DATE, true, "ann");
    end(take(), RunState.FAILED);
    atSeven(0);

    assertThat(overdue()).isEmpty();
  }

  @Test
  void firstStartFindsNothingOverdue() {
    atSeven(0);
    atSeven(0);
    assertThat(overdue()).isEmpty();
    atSeven(1);
    assertThat(overdue()).as("what has fallen due since is").hasSize(1);
  }

  /** The time is set in the pipeline's file when it has run for long. */
  @Test
  void whatWasToBeDoneBeforeAnybodyAskedForItIsNotOverdue() {
    due(DAILY);
    CLOCK.pass(UNTIL_SEVEN.plus(Duration.ofHours(1)));
    plan(DAILY);
    plan(DONE_BY_SEVEN);
    assertThat(overdue()).isEmpty();
  }

  @Test
  void afterALongTimeWithoutAnOrchestratorAWeeksDatesAreOverdue() {
    due(DONE_BY_SEVEN);
    end(take(), RunState.SUCCEEDED);
    atSeven(20);
    plan(DONE_BY_SEVEN);

    assertThat(overdue()).hasSize(7);
    assertThat(overdue().get(0)).startsWith(pipeline + "/" + DATE.plusDays(14));
    assertThat(overdue().get(6)).startsWith(pipeline + "/" + DATE.plusDays(20));
  }

  @Test
  void pausedPipelineIsNotOverdueAndTheDatesAfterItsPauseAre() {
    plan(DONE_BY_SEVEN);
    journal.queue().pause(pipeline, "ann", "");
    atSeven(0);
    assertThat(overdue()).isEmpty();
    journal.queue().resume(pipeline, cluster, Optional.of(DONE_BY_SEVEN), CatchUp.NONE, "ann");
    plan(DONE_BY_SEVEN);
    assertThat(overdue()).isEmpty();
    atSeven(1);
    assertThat(overdue()).hasSize(1);
  }

  // --- Budgets ---

  @Test
  void withoutMoneyNothingIsCaughtUpAndWhatIsDueRunsAllTheSame() {
    end(takenOf(due(DAILY)), RunState.SUCCEEDED);
    String words = "5012.00 of 5000 RUB are spent, 100 %";
    journal.budgets().judge(pipeline, YearMonth.of(2026, 11), BudgetState.EXCEEDED, words);
    days(3);
    plan(daily(CatchUp.ALL, Overlap.QUEUE));

    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.SKIPPED);
    assertThat(last(DATE.plusDays(2)).state()).isEqualTo(RunState.SKIPPED);
    assertThat(last(DATE.plusDays(2)).failure())
        .contains("missed; the budget of 2026-11 is used up: " + words);
    assertThat(last(DATE.plusDays(3)).state()).as("on time").isEqualTo(RunState.QUEUED);
    assertThat(by("ann", DATE.plusDays(2)).state()).as("by hand").isEqualTo(RunState.QUEUED);
  }

  @Test
  void withoutMoneyNothingIsCancelledForACatchUp() {
    Timetable replace = daily(CatchUp.LAST, Overlap.REPLACE);
    Run running = takenOf(due(replace));
    journal.budgets().judge(pipeline, YearMonth.of(2026, 11), BudgetState.EXCEEDED, "spent");
    days(1);
    CLOCK.pass(Duration.ofHours(1));
    plan(replace);

    assertThat(last(DATE.plusDays(1)).state()).isEqualTo(RunState.SKIPPED);
    assertThat(now(running).cancelRequest()).isEmpty();
  }

  @Test
  void cancelledRunIsNotLateAnyMore() {
    Run run = due(DAILY);
    CLOCK.pass(Duration.ofHours(2));
    plan(DAILY);
    assertThat(alarms()).hasSize(1);

    journal.runs().cancel(run.id(), "ann", "");

    assertThat(alarms()).isEmpty();
  }

  // --- Events ---

  @Test
  void changeWhoseEventCannotBeWrittenIsNotMade() throws Exception {
    Run run = by("ann", DATE.minusDays(1));
    plan(DAILY);
    days(0);
    String constraint = "no_event_for_" + pipeline;
    database.execute(
        "alter table event add constraint %s check (id < 0) %s"
            .formatted(constraint, database.unchecked()));
    try {
      for (Runnable change :
          List.<Runnable>of(
              () -> plan(DAILY),
              () -> by("ann", DATE),
              () -> journal.queue().pause(pipeline, "ann", ""),
              () -> journal.runs().cancel(run.id(), "ann", ""),
              () -> journal.claims().claimDue(cluster))) {
        assertThatExceptionOfType(JdbiException.class).isThrownBy(change::run);
      }
    } finally {
      database.execute("alter table event drop constraint " + constraint);
    }

    assertThat(runs()).containsExactly(run);
    assertThat(journal.queue().pause(pipeline)).isEmpty();
    plan(DAILY);
    assertThat(last(DATE).state()).as("it is due still").isEqualTo(RunState.QUEUED);
  }
}
