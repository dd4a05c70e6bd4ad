package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.processors.schedule.Decision;
import dev.caravan.processors.schedule.DoneBy;
import dev.caravan.processors.schedule.DueLook;
import dev.caravan.processors.schedule.DuePlan;
import dev.caravan.processors.schedule.DueRule;
import dev.caravan.processors.schedule.OpenRun;
import dev.caravan.processors.schedule.PipelinePause;
import dev.caravan.processors.schedule.Timetable;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which runs are wanted: the journal is the queue. Whoever plans or queues a pipeline's runs does
 * so under the lock of its row, so that any number of orchestrators queue a date once. {@link
 * Claims#claimDue} takes what is queued. For use by many threads.
 */
public final class RunQueue {
  /**
   * How old the time may be that is written when nothing is due: whatever a changed schedule would
   * have had before it is not caught up.
   */
  private static final Duration WRITTEN_EVERY = Duration.ofMinutes(1);

  /** After a long time without any orchestrator a week's dates tell enough. */
  private static final int MOST_OVERDUE = 7;

  private final Transactions transactions;

  RunQueue(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * The run of a date that was asked for.
   *
   * @param added whether it was queued; else the date had this run already, open or succeeded
   */
  public record Asked(Run run, boolean added) {}

  /**
   * Queues, or skips, what of the pipeline has fallen due since the last planning, and raises the
   * alarms of runs that are late and of dates that are overdue. May be called as often as one
   * likes.
   *
   * @param clusterId the cluster on which its runs are queued
   */
  public DuePlan plan(String pipeline, String clusterId, Timetable timetable) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          PipelineRows.Planning planning = PipelineRows.lock(transaction.handle, pipeline);
          DuePlan plan = plan(transaction, pipeline, clusterId, timetable, planning);
          timetable.late().ifPresent(bound -> raiseLate(transaction, pipeline, bound));
          raiseOverdue(transaction, pipeline, timetable, planning, plan.plannedUntil());
          return plan;
        });
  }

  private static DuePlan plan(
      Transaction transaction,
      String pipeline,
      String clusterId,
      Timetable timetable,
      PipelineRows.Planning planning) {
    Handle handle = transaction.handle;
    Instant now = transaction.now();
    DuePlan plan =
        DueRule.decide(
            timetable,
            new DueLook(
                planning.plannedUntil(),
                now,
                planning.pause(),
                RunRows.openOutsideBackfills(handle, pipeline).stream()
                    .map(
                        run ->
                            new OpenRun(
                                run.id(), run.logicalDate(), run.state() == RunState.RUNNING))
                    .toList(),
                date -> isSettled(handle, pipeline, date)));
    for (Decision decision : plan.decisions()) {
      Optional<String> refusal = refusal(transaction, pipeline, decision);
      if (refusal.isPresent()) {
        skip(
            transaction,
            scheduled(pipeline, clusterId, decision, Cause.SCHEDULE),
            "missed; " + refusal.get());
      } else if (decision instanceof Decision.Queue due) {
        queue(transaction, scheduled(pipeline, clusterId, due, due.cause()));
      } else if (decision instanceof Decision.Replace due) {
        String why = "replaced by the run of " + due.date() + "; overlap is replace";
        due.cancel().forEach(id -> cancel(transaction, id, why));
        queue(transaction, scheduled(pipeline, clusterId, due, due.cause()));
      } else if (decision instanceof Decision.Skip skip) {
        skip(transaction, scheduled(pipeline, clusterId, skip, Cause.SCHEDULE), skip.reason());
      }
    }
    plan.leftOut()
        .ifPresent(
            dates -> transaction.event(RunEvent.Kind.DATES_LEFT_OUT, pipeline, dates.sentence()));
    boolean isRecent =
        planning
            .plannedUntil()
            .filter(until -> until.plus(WRITTEN_EVERY).isAfter(plan.plannedUntil()))
            .isPresent();
    if (!plan.decisions().isEmpty() || !isRecent) {
      PipelineRows.planned(handle, pipeline, plan.plannedUntil());
    }
    return plan;
  }

  /** Dates are caught up as long as there is money for it; those on time run in any case. */
  private static Optional<String> refusal(
      Transaction transaction, String pipeline, Decision decision) {
    boolean caughtUp =
        (decision instanceof Decision.Queue queue && queue.cause() == Cause.CATCH_UP)
            || (decision instanceof Decision.Replace replace && replace.cause() == Cause.CATCH_UP);
    return caughtUp ? Budgets.refusal(transaction, pipeline) : Optional.empty();
  }

  private static NewRun scheduled(
      String pipeline, String clusterId, Decision decision, Cause cause) {
    return new NewRun(
        pipeline,
        decision.date(),
        clusterId,
        false,
        Optional.of(cause),
        Optional.of(decision.dueAt()),
        Optional.empty(),
        Optional.empty());
  }

  /** Whether the date has an open run, or one that succeeded. */
  private static boolean isSettled(Handle handle, String pipeline, LocalDate date) {
    return RunRows.between(handle, pipeline, date, date).stream()
        .anyMatch(run -> run.state().isOpen() || run.state() == RunState.SUCCEEDED);
  }

  private static void raiseLate(Transaction transaction, String pipeline, Duration bound) {
    Instant queuedBy = transaction.now().minus(bound);
    for (Run run : RunRows.waitingSince(transaction.handle, pipeline, queuedBy)) {
      AlarmRows.raise(
          transaction,
          new Alarm.Key(AlarmKind.RUN_LATE, run.id()),
          Optional.of(run.id()),
          "queued since %s, it has not begun within %s"
              .formatted(run.startedAt(), Durations.text(bound)));
    }
  }

  /**
   * Raises the alarm of the dates whose deadline has come since the last planning. A pipeline that
   * is paused is known not to run, and a date without any row never fell due.
   */
  private static void raiseOverdue(
      Transaction transaction,
      String pipeline,
      Timetable timetable,
      PipelineRows.Planning planning,
      Instant until) {
    if (planning.plannedUntil().isEmpty() || planning.pause().isPresent()) {
      return;
    }
    List<DoneBy.DueDate> due =
        timetable.deadlines(planning.plannedUntil().get(), until, MOST_OVERDUE);
    for (DoneBy.DueDate each : due) {
      // A run that ends in this moment waits, and then finds the alarm to clear.
      List<Run> runs = RunRows.lock(transaction.handle, pipeline, each.date());
      if (!runs.isEmpty() && runs.stream().noneMatch(run -> run.state() == RunState.SUCCEEDED)) {
        Run last = runs.get(runs.size() - 1);
        AlarmRows.raise(
            transaction,
            new Alarm.Key(AlarmKind.RUN_OVERDUE, pipeline + "/" + each.date()),
            Optional.of(last.id()),
            "it has not succeeded by %s; attempt %d is %s%s"
                .formatted(
                    timetable.doneBy().orElseThrow(),
                    last.attempt(),
                    last.state(),
                    last.failure().map(why -> ": " + why).orElse("")));
      }
    }
    if (!due.isEmpty()) {
      PipelineRows.planned(transaction.handle, pipeline, until);
    }
  }

  /**
   * Queues a run by hand, paused or not.
   *
   * @param afresh run a date that has succeeded once more, and redo jobs that are verified already
   * @param by who asks for it
   */
  public Asked add(String pipeline, String clusterId, LocalDate date, boolean afresh, String by) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          PipelineRows.lock(transaction.handle, pipeline);
          Optional<Run> last = RunRows.last(transaction.handle, pipeline, date);
          if (last.filter(run -> isInTheWay(run, afresh)).isPresent()) {
            return new Asked(last.get(), false);
          }
          NewRun run =
              new NewRun(
                  pipeline,
                  date,
                  clusterId,
                  afresh,
                  Optional.of(Cause.HAND),
                  Optional.of(transaction.now()),
                  Optional.of(by),
                  Optional.empty());
          return new Asked(queue(transaction, run), true);
        });
  }

  private static boolean isInTheWay(Run last, boolean afresh) {
    return last.state().isOpen() || (last.state() == RunState.SUCCEEDED && !afresh);
  }

  /** How the pipeline is paused; empty if it isn't. */
  public Optional<PipelinePause> pause(String pipeline) {
    return transactions
        .read(handle -> PipelineRows.find(handle, pipeline))
        .flatMap(PipelineRows.Planning::pause);
  }

  /**
   * Pauses a pipeline: what falls due is skipped; what is queued or runs goes on. A pipeline that
   * is paused stays so under the name and note of whoever came first.
   *
   * @param by who asks for it
   * @param note why, in that person's words; may be empty text
   * @return false if it was paused already
   */
  public boolean pause(String pipeline, String by, String note) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          if (PipelineRows.lock(transaction.handle, pipeline).pause().isPresent()) {
            return false;
          }
          PipelineRows.pause(
              transaction.handle, pipeline, new PipelinePause(transaction.now(), by, note));
          transaction.event(
              RunEvent.Kind.PIPELINE_PAUSED, pipeline, Transaction.reason("paused", by, note));
          return true;
        });
  }

  /**
   * Ends a pause. What fell due in it is skipped, unless it is asked for: then it is planned as if
   * nobody had been there to plan it, by the schedule's window and overlap.
   *
   * @param timetable empty: the pipeline runs by hand only
   * @param catchUp which of the dates of the pause are queued
   * @param by who asks for it
   * @return false if it wasn't paused
   */
  public boolean resume(
      String pipeline,
      String clusterId,
      Optional<Timetable> timetable,
      CatchUp catchUp,
      String by) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          PipelineRows.Planning planning = PipelineRows.lock(transaction.handle, pipeline);
          Optional<PipelinePause> pause = planning.pause();
          if (pause.isEmpty()) {
            return false;
          }
          // Those that nobody planned meanwhile are skipped for the pause.
          timetable.ifPresent(set -> plan(transaction, pipeline, clusterId, set, planning));
          PipelineRows.resume(transaction.handle, pipeline);
          transaction.event(
              RunEvent.Kind.PIPELINE_RESUMED, pipeline, Transaction.reason("resumed", by, ""));
          if (catchUp != CatchUp.NONE) {
            PipelineRows.Planning asOfThePause =
                new PipelineRows.Planning(pause.map(PipelinePause::at), Optional.empty());
            timetable
                .map(set -> set.withCatchUp(catchUp))
                .ifPresent(set -> plan(transaction, pipeline, clusterId, set, asOfThePause));
          }
          return true;
        });
  }

  /** The run that is next on the cluster, if one is queued there that may begin. */
  public Optional<Run> next(String clusterId) {
    return transactions.read(handle -> RunRows.nextOn(handle, clusterId));
  }

  static Run queue(Transaction transaction, NewRun wanted) {
    Run run =
        RunRows.insert(
            transaction.handle, wanted, RunState.QUEUED, Optional.empty(), transaction.now());
    sayQueued(transaction, run);
    return run;
  }

  static void sayQueued(Transaction transaction, Run run) {
    transaction.event(
        run.id(),
        RunEvent.Kind.RUN_QUEUED,
        run.logicalDate().toString(),
        run.cause().map(Cause::name).orElse(""));
  }

  /** A slot that is skipped already, as in a pause, is not skipped once more. */
  private static void skip(Transaction transaction, NewRun unwanted, String reason) {
    boolean known =
        RunRows.last(transaction.handle, unwanted.pipeline(), unwanted.date())
            .filter(last -> last.state() == RunState.SKIPPED)
            .filter(last -> last.dueAt().equals(unwanted.dueAt()))
            .isPresent();
    if (!known) {
      String why = Transaction.cut(reason);
      Run run =
          RunRows.insert(
              transaction.handle, unwanted, RunState.SKIPPED, Optional.of(why), transaction.now());
      transaction.event(run.id(), RunEvent.Kind.RUN_SKIPPED, run.logicalDate().toString(), why);
    }
  }

  /**
   * Queues an interrupted run of a schedule or backfill once more, unless its end was asked for.
   */
  static void repeat(Transaction transaction, Run interrupted) {
    boolean repeated =
        interrupted.dueAt().isPresent()
            && interrupted.cause().filter(cause -> cause != Cause.HAND).isPresent()
            && interrupted.cancelRequest().isEmpty();
    if (repeated) {
      queue(transaction, NewRun.like(interrupted));
    }
  }

  /**
   * Cancels a queued run, or asks for the end of a running one.
   *
   * @throws IllegalArgumentException if there is no such run
   */
  static Run cancel(Transaction transaction, String id, String reason) {
    Handle handle = transaction.handle;
    Run found =
        RunRows.find(handle, id)
            .orElseThrow(() -> new IllegalArgumentException("There is no run " + id + "."));
    Optional<Backfill> backfill =
        found.backfillId().flatMap(each -> BackfillRows.lock(handle, each));
    RunState state = RunRows.lock(handle, id);
    if (state == RunState.QUEUED) {
      end(transaction, found, RunState.CANCELLED, reason);
      backfill.ifPresent(each -> BackfillRows.endIfDone(transaction, each));
    } else if (state == RunState.RUNNING && found.cancelRequest().isEmpty()) {
      RunRows.requestCancel(handle, id, reason);
      transaction.event(id, RunEvent.Kind.RUN_CANCEL_ASKED, "", reason);
    }
    return RunRows.find(handle, id).orElseThrow();
  }

  /** Ends a run that has not begun. */
  static void end(Transaction transaction, Run queued, RunState state, String why) {
    String reason = Transaction.cut(why);
    RunRows.end(transaction.handle, queued.id(), state, Optional.of(reason), transaction.now());
    AlarmRows.clear(transaction, AlarmKind.RUN_LATE, queued.id());
    AlarmRows.ended(transaction, queued, state, Optional.of(reason));
    sayEnded(transaction, queued, state, reason);
  }

  static void sayEnded(Transaction transaction, Run run, RunState state, String reason) {
    transaction.event(run.id(), RunEvent.Kind.RUN_ENDED, state.toString(), reason);
  }
}
