package dev.caravan.processors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Timetable;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the journal promises of backfills, whatever its database. */
abstract class BackfillContract extends QueueContract {
  private static final Optional<Timetable> DAILY = Optional.of(daily(CatchUp.LAST, Overlap.SKIP));

  /** The latest date that is due at {@link #START}. */
  private static final LocalDate LAST = DATE.minusDays(1);

  private static BackfillPlan.Request request(int days, BackfillPlan.Only only, boolean newest) {
    return new BackfillPlan.Request(LAST.minusDays(days - 1L), LAST, only, newest);
  }

  private Backfill begin(int days, BackfillPlan.Only only, boolean newestFirst) {
    return journal
        .backfills()
        .begin(pipeline, cluster, request(days, only, newestFirst), DAILY, "ann")
        .backfill()
        .orElseThrow();
  }

  private Backfill begin(int days) {
    return begin(days, BackfillPlan.Only.UNFINISHED, false);
  }

  private Backfill now(Backfill backfill) {
    return journal.backfills().find(backfill.id()).orElseThrow();
  }

  private List<LocalDate> takeAll() {
    List<LocalDate> taken = new java.util.ArrayList<>();
    while (journal.queue().next(cluster).isPresent()) {
      Run run = take();
      taken.add(run.logicalDate());
      end(run, RunState.SUCCEEDED);
    }
    return taken;
  }

  private static List<String> said(Backfill backfill) {
    return of(String.valueOf(backfill.id())).stream().map(RunEvent::detail).toList();
  }

  @Test
  void itsRunsAreQueuedInOneGoAndRunOldestFirst() {
    Backfill backfill = begin(3);

    assertThat(backfill)
        .isEqualTo(
            new Backfill(
                backfill.id(),
                pipeline,
                cluster,
                LAST.minusDays(2),
                LAST,
                false,
                BackfillState.RUNNING,
                Optional.empty(),
                "ann",
                START,
                Optional.empty()));
    assertThat(journal.backfills().runs(backfill.id()))
        .extracting(Run::logicalDate, Run::state, Run::cause, Run::dueAt, Run::askedBy)
        .containsExactly(queued(LAST.minusDays(2)), queued(LAST.minusDays(1)), queued(LAST));
    assertThat(takeAll()).containsExactly(LAST.minusDays(2), LAST.minusDays(1), LAST);
    assertThat(now(backfill).state()).isEqualTo(BackfillState.DONE);
    assertThat(now(backfill).endedAt()).contains(START);
    assertThat(said(backfill))
        .containsExactly("RUNNING, 3 dates of %s asked for by ann".formatted(pipeline), "DONE");
    assertThat(journal.backfills().latest(pipeline, 5)).containsExactly(now(backfill));
  }

  private static org.assertj.core.groups.Tuple queued(LocalDate date) {
    return tuple(
        date, RunState.QUEUED, Optional.of(Cause.BACKFILL), Optional.of(START), Optional.of("ann"));
  }

  @Test
  void newestFirstRunsFromTheLatestDateOn() {
    begin(3, BackfillPlan.Only.ALL, true);

    assertThat(takeAll()).containsExactly(LAST, LAST.minusDays(1), LAST.minusDays(2));
  }

  @Test
  void planSaysOfEachDateHowItStandsAndDecidesByThat() {
    for (RunState state : List.of(RunState.SUCCEEDED, RunState.FAILED, RunState.INTERRUPTED)) {
      by("bob", LAST.minusDays(state.ordinal()));
      end(take(), state);
    }
    journal.runs().cancel(by("bob", LAST.minusDays(8)).id(), "bob", "");
    by("bob", LAST.minusDays(9));

    BackfillPlan plan =
        journal
            .backfills()
            .plan(
                pipeline,
                new BackfillPlan.Request(
                    LAST.minusDays(9), LAST.plusDays(1), BackfillPlan.Only.UNFINISHED, false),
                DAILY);
    assertThat(plan.dates())
        .extracting(BackfillPlan.Entry::runs, BackfillPlan.Entry::reason)
        .containsExactly(
            tuple(false, "already queued"),
            tuple(true, "failed: cancelled"),
            tuple(true, "missing"),
            tuple(true, "missing"),
            tuple(true, "missing"),
            tuple(true, "failed: interrupted"),
            tuple(true, "failed"),
            tuple(false, "done before"),
            tuple(true, "missing"),
            tuple(true, "missing"),
            tuple(false, "not due yet"));
    assertThat(journal.backfills().latest(pipeline, 5)).as("nothing is written").isEmpty();

    Backfill all = begin(10, BackfillPlan.Only.ALL, false);
    assertThat(journal.backfills().runs(all.id()))
        .extracting(Run::logicalDate, Run::attempt, Run::afresh)
        .contains(
            tuple(LAST.minusDays(2), 2, true),
            tuple(LAST.minusDays(3), 2, false),
            tuple(LAST.minusDays(8), 2, false),
            tuple(LAST, 1, false))
        .hasSize(9);
  }

  @Test
  void skippedSlotIsMissingUnlessAnEarlierAttemptSaysMore() {
    journal.queue().plan(pipeline, cluster, DAILY.get());
    by("bob", DATE);
    end(take(), RunState.FAILED);
    journal.queue().pause(pipeline, "ann", "");
    CLOCK.set(START.plus(Duration.ofHours(25)));
    journal.queue().plan(pipeline, cluster, DAILY.get());

    assertThat(
            journal
                .backfills()
                .plan(
                    pipeline,
                    new BackfillPlan.Request(
                        DATE, DATE.plusDays(1), BackfillPlan.Only.UNFINISHED, false),
                    DAILY)
                .dates())
        .extracting(BackfillPlan.Entry::reason)
        .containsExactly("failed", "missing: skipped");
  }

  @Test
  void nothingToRunIsNoBackfill() {
    by("bob", LAST);
    end(take(), RunState.SUCCEEDED);

    Backfills.Begun begun =
        journal
            .backfills()
            .begin(
                pipeline, cluster, request(1, BackfillPlan.Only.UNFINISHED, false), DAILY, "ann");

    assertThat(begun.backfill()).isEmpty();
    assertThat(begun.plan().dates()).hasSize(1);
    assertThat(journal.backfills().latest(pipeline, 5)).isEmpty();
  }

  @Test
  void runsOfTheScheduleAndOfHandGoBeforeAndAreNotHinderedByIt() {
    journal.queue().plan(pipeline, cluster, DAILY.get());
    Backfill backfill = begin(3);
    Run first = take();
    assertThat(first.logicalDate()).isEqualTo(LAST.minusDays(2));
    CLOCK.set(START.plus(Duration.ofMinutes(30)));
    journal.queue().plan(pipeline, cluster, DAILY.get());
    CLOCK.pass(Duration.ofMinutes(1));
    by("bob", LAST.minusDays(30));
    end(first, RunState.FAILED);

    assertThat(takeAll()).containsExactly(DATE, LAST.minusDays(30), LAST.minusDays(1), LAST);
    assertThat(now(backfill).state()).isEqualTo(BackfillState.DONE);
    assertThat(journal.backfills().progress(backfill.id()))
        .isEqualTo(Map.of(RunState.FAILED, 1, RunState.SUCCEEDED, 2));
  }

  @Test
  void backfillsOfOneClusterRunOneAfterTheOther() {
    begin(2);
    journal
        .backfills()
        .begin(pipeline + "b", cluster, request(5, BackfillPlan.Only.ALL, false), DAILY, "ann");

    assertThat(takeAll()).startsWith(LAST.minusDays(1), LAST, LAST.minusDays(4)).hasSize(7);
  }

  @Test
  void pausedBackfillBeginsNothingUntilItIsResumed() {
    Backfill backfill = begin(2);
    Run running = take();
    journal.backfills().pause(backfill.id(), "bob", "too dear");

    assertThat(now(backfill).state()).isEqualTo(BackfillState.PAUSED);
    assertThat(now(backfill).reason()).contains("paused by bob: too dear");
    end(running, RunState.SUCCEEDED);
    assertThat(journal.claims().claimDue(cluster)).isEmpty();
    journal.backfills().resume(backfill.id(), "bob");
    assertThat(now(backfill).reason()).isEmpty();
    assertThat(takeAll()).containsExactly(LAST);
    assertThat(said(backfill))
        .endsWith("PAUSED, paused by bob: too dear", "RUNNING, resumed by bob", "DONE");
  }

  @Test
  void heldBackfillTellsTheCloudsWordsAndLetsOtherRunsBegin() {
    Backfill backfill = begin(2);
    journal.backfills().hold(backfill.id(), "Quota exceeded");
    assertThat(now(backfill).state()).isEqualTo(BackfillState.HELD);
    assertThat(now(backfill).reason()).contains("Quota exceeded");
    assertThat(journal.queue().next(cluster)).isEmpty();
    // Another backfill leaves them to this one, and says that they wait for a person.
    BackfillPlan other =
        journal
            .backfills()
            .plan(
                pipeline,
                new BackfillPlan.Request(
                    LAST.minusDays(1), LAST, BackfillPlan.Only.UNFINISHED, false),
                DAILY);
    assertThat(other.dates())
        .extracting(BackfillPlan.Entry::runs, BackfillPlan.Entry::reason)
        .containsOnly(tuple(false, "queued by a backfill that is held or paused: resume that"));
    Run byHand = by("bob", LAST.minusDays(30));

    assertThat(take().id()).isEqualTo(byHand.id());
    end(byHand, RunState.SUCCEEDED);
    journal.backfills().resume(backfill.id(), "bob");
    assertThat(takeAll()).hasSize(2);
  }

  @Test
  void cancelEndsWhatIsQueuedAndTellsWhatRuns() {
    Backfill backfill = begin(3);
    Run running = take();
    journal.backfills().cancel(backfill.id(), "bob", "wrong month");

    assertThat(now(backfill).state()).isEqualTo(BackfillState.CANCELLED);
    assertThat(now(running).cancelRequest()).contains("cancelled by bob: wrong month");
    assertThat(last(LAST).state()).isEqualTo(RunState.CANCELLED);
    assertThat(last(LAST).failure()).contains("cancelled by bob: wrong month");
    end(running, RunState.INTERRUPTED);
    assertThat(journal.backfills().progress(backfill.id()))
        .isEqualTo(Map.of(RunState.INTERRUPTED, 1, RunState.CANCELLED, 2));
    assertThat(journal.queue().next(cluster)).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> journal.backfills().resume(backfill.id(), "bob"))
        .withMessage("Backfill %d is CANCELLED and can't become RUNNING.".formatted(backfill.id()));
  }

  @Test
  void lastRunThatIsCancelledEndsItToo() {
    Backfill backfill = begin(1);
    journal.runs().cancel(last(LAST).id(), "bob", "");

    assertThat(now(backfill).state()).isEqualTo(BackfillState.DONE);
  }

  @Test
  void runOfItThatAShutdownInterruptedIsPartOfItStill() {
    Backfill backfill = begin(1);
    end(take(), RunState.INTERRUPTED);

    assertThat(now(backfill).state()).isEqualTo(BackfillState.RUNNING);
    Run again = take();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.backfillId()).contains(backfill.id());
    end(again, RunState.SUCCEEDED);
    assertThat(now(backfill).state()).isEqualTo(BackfillState.DONE);
  }

  @Test
  void runsOfABackfillAreNeverLate() {
    begin(2);
    CLOCK.pass(Duration.ofHours(20));
    journal.queue().plan(pipeline, cluster, DAILY.get());

    assertThat(journal.alarms().raised())
        .extracting(Alarm::subject)
        .noneMatch(subject -> subject.startsWith(pipeline));
  }

  @Test
  void backfillThatIsNotThereIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.backfills().pause(4711, "ann", ""))
        .withMessage("There is no backfill 4711.");
  }

  @Test
  void withoutAScheduleEachDateUpToYesterdayMayRun() {
    assertThat(
            journal
                .backfills()
                .plan(
                    pipeline,
                    new BackfillPlan.Request(
                        DATE.minusDays(1), DATE.plusDays(1), BackfillPlan.Only.ALL, false),
                    Optional.empty())
                .toRun())
        .containsExactly(DATE.minusDays(1), DATE);
  }

  @Test
  void tenYearsAreQueuedAndCancelled() {
    Backfill backfill =
        journal
            .backfills()
            .begin(
                pipeline,
                cluster,
                request(BackfillPlan.MOST_DATES, BackfillPlan.Only.ALL, false),
                DAILY,
                "ann")
            .backfill()
            .orElseThrow();
    assertThat(journal.queue().next(cluster).orElseThrow().logicalDate())
        .isEqualTo(backfill.firstDate());

    journal.backfills().cancel(backfill.id(), "ann", "");

    assertThat(journal.backfills().progress(backfill.id()))
        .isEqualTo(Map.of(RunState.CANCELLED, BackfillPlan.MOST_DATES));
  }

  // --- One application for several dates ---

  private JobRun submit(Run run, int together) {
    return journal.jobs().submitting(run, "mart", attempt -> run.id() + "/" + attempt, together);
  }

  private static SharedApplication application(JobRun job) {
    return journal.jobs().application(job).orElseThrow();
  }

  private void finish(Run run) {
    journal.jobs().submitted(run, "mart", 7);
    journal.jobs().succeeded(run, "mart", Optional.empty());
    end(run, RunState.SUCCEEDED);
  }

  @Test
  void datesShareOneApplicationInTheOrderOfTheirRuns() {
    Backfill backfill = begin(5);
    Run first = take();
    JobRun began = submit(first, 3);

    assertThat(began.batchKey())
        .isEqualTo(pipeline + "/mart/" + LAST.minusDays(4) + "/b" + backfill.id());
    assertThat(began.dates()).isEqualTo(3);
    assertThat(application(began).dates())
        .containsExactly(LAST.minusDays(4), LAST.minusDays(3), LAST.minusDays(2));
    assertThat(application(began).runId()).isEqualTo(first.id());
    assertThat(submit(first, 3)).as("again after a crash").isEqualTo(began);
    finish(first);
    CLOCK.pass(Duration.ofMinutes(5));

    Run second = take();
    JobRun joined = submit(second, 3);
    assertThat(joined.batchKey()).isEqualTo(began.batchKey());
    assertThat(joined.runId()).isEqualTo(second.id());
    assertThat(joined.submittedAt()).as("its outputs are this old").isEqualTo(began.submittedAt());
    finish(second);
    finish(with(take(), 3));

    Run fourth = take();
    assertThat(application(submit(fourth, 3)).dates()).containsExactly(LAST.minusDays(1), LAST);
  }

  private Run with(Run run, int together) {
    submit(run, together);
    return run;
  }

  @Test
  void theLatestDatesComeFirstInAnApplicationToo() {
    begin(3, BackfillPlan.Only.UNFINISHED, true);

    assertThat(application(submit(take(), 2)).dates()).containsExactly(LAST, LAST.minusDays(1));
  }

  @Test
  void dateWhoseApplicationFailedIsOnItsOwn() {
    begin(3);
    Run first = take();
    submit(first, 3);
    journal.jobs().failed(first, "mart", Optional.empty(), "it failed", true);

    JobRun alone = submit(first, 3);
    assertThat(alone.attempt()).isEqualTo(2);
    assertThat(alone.isShared()).isFalse();
    assertThat(alone.batchKey()).isEqualTo(first.id() + "/2");
    finish(first);

    Run second = take();
    assertThat(submit(second, 3).isShared()).as("it learns of the failure itself").isTrue();
  }

  @Test
  void dateThatIsAloneOrOfNoBackfillSharesNothing() {
    begin(1);
    assertThat(submit(take(), 3).isShared()).isFalse();
    end(journal.runs().last(pipeline, LAST).orElseThrow(), RunState.SUCCEEDED);
    by("ann", LAST.minusDays(9));

    assertThat(submit(take(), 3).isShared()).isFalse();
  }

  @Test
  void cancelledDatesAndThoseWhoseJobIsDoneAreInNoApplication() {
    by("ann", LAST.minusDays(1));
    Run earlier = take();
    submit(earlier, 1);
    journal.jobs().submitted(earlier, "mart", 7);
    journal.jobs().succeeded(earlier, "mart", Optional.empty());
    end(earlier, RunState.FAILED);
    Backfill backfill = begin(4);
    Run first = take();
    journal
        .runs()
        .cancel(journal.runs().last(pipeline, LAST.minusDays(2)).orElseThrow().id(), "ann", "");

    assertThat(application(submit(first, 4)).dates())
        .as("backfill %s", backfill)
        .containsExactly(LAST.minusDays(3), LAST);
  }

  @Test
  void usualTimeOfAJobIsThatOfApplicationsOfOneDate() {
    begin(2);
    Run first = take();
    submit(first, 2);
    CLOCK.pass(Duration.ofMinutes(20));
    finish(first);

    assertThat(journal.jobs().usual(pipeline, "mart")).isEmpty();
  }

  // --- Budgets ---

  private static final YearMonth MONTH = YearMonth.of(2026, 11);
  private static final String SPENT = "5012.00 of 5000 RUB are spent, 100 %";
  private static final String REFUSAL = "the budget of 2026-11 is used up: " + SPENT;

  private void spend(BudgetState state) {
    journal.budgets().judge(pipeline, MONTH, state, SPENT);
  }

  private List<AlarmKind> budgetAlarms() {
    return journal.alarms().raised().stream()
        .filter(alarm -> alarm.subject().equals(pipeline + "/" + MONTH))
        .map(Alarm::kind)
        .toList();
  }

  @Test
  void backfillIsHeldWhenTheBudgetIsUsedUpAndAPersonMayResumeIt() {
    Backfill backfill = begin(3);
    Run running = take();
    spend(BudgetState.WARNED);
    assertThat(now(backfill).state()).isEqualTo(BackfillState.RUNNING);
    spend(BudgetState.EXCEEDED);

    assertThat(budgetAlarms()).containsExactly(AlarmKind.BUDGET_WARNING, AlarmKind.BUDGET_EXCEEDED);
    assertThat(now(backfill).state()).isEqualTo(BackfillState.HELD);
    assertThat(now(backfill).reason()).contains(REFUSAL);
    assertThat(now(running).cancelRequest()).as("what runs goes on").isEmpty();
    end(running, RunState.SUCCEEDED);
    assertThat(journal.queue().next(cluster)).isEmpty();
    other.budgets().judge(pipeline, MONTH, BudgetState.EXCEEDED, "5100.00 of 5000 RUB");
    assertThat(budgetAlarms()).as("each once").hasSize(2);

    journal.backfills().resume(backfill.id(), "ann");
    spend(BudgetState.EXCEEDED);
    assertThat(now(backfill).state()).as("a person wants it").isEqualTo(BackfillState.RUNNING);
  }

  @Test
  void newBackfillIsHeldAtOnceWithItsDatesQueued() {
    spend(BudgetState.EXCEEDED);
    Backfill backfill = begin(3);

    assertThat(backfill.state()).isEqualTo(BackfillState.HELD);
    assertThat(backfill.reason()).contains(REFUSAL);
    assertThat(journal.backfills().runs(backfill.id()))
        .hasSize(3)
        .allMatch(run -> run.state() == RunState.QUEUED);
    assertThat(journal.queue().next(cluster)).isEmpty();
  }

  @Test
  void otherPipelinesAndOtherMonthsAreNotHeld() {
    journal.budgets().judge(pipeline + "b", MONTH, BudgetState.EXCEEDED, SPENT);
    journal.budgets().judge(pipeline, MONTH.minusMonths(1), BudgetState.EXCEEDED, SPENT);

    assertThat(begin(3).state()).isEqualTo(BackfillState.RUNNING);
  }

  @Test
  void budgetThatIsWithinItsBoundsAgainHoldsNothing() {
    spend(BudgetState.EXCEEDED);
    spend(BudgetState.WITHIN);

    assertThat(budgetAlarms()).isEmpty();
    assertThat(begin(3).state()).isEqualTo(BackfillState.RUNNING);
  }
}
