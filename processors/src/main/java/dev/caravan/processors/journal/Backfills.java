package dev.caravan.processors.journal;

import dev.caravan.processors.schedule.BackfillEstimate;
import dev.caravan.processors.schedule.BackfillPlan;
import dev.caravan.processors.schedule.Cause;
import dev.caravan.processors.schedule.LastRun;
import dev.caravan.processors.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Runs for past dates, asked for in one go. They are queued like any other, go after those of the
 * schedule and of hand, and keep the cluster from date to date. For use by many threads.
 */
public final class Backfills {
  private final Transactions transactions;

  Backfills(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A backfill and its plan.
   *
   * @param backfill empty if no date is to run
   */
  public record Begun(BackfillPlan plan, Optional<Backfill> backfill) {}

  /**
   * What a backfill would do with each date, if it began now.
   *
   * @param timetable empty: any date up to yesterday (UTC) can be asked for
   */
  public BackfillPlan plan(
      String pipeline, BackfillPlan.Request request, Optional<Timetable> timetable) {
    return transactions.inTransaction(
        transaction ->
            plan(
                request,
                timetable,
                dates(transaction.handle, pipeline, request),
                transaction.now()));
  }

  /**
   * How long the cluster is expected to be needed, by what its starts, stops and the pipeline's
   * jobs usually take.
   *
   * @param dates how many run
   * @param together how many dates an application of each job takes, in the jobs' order
   */
  public BackfillEstimate estimate(
      String pipeline, String clusterId, int dates, Map<String, Integer> together) {
    return transactions.read(
        handle ->
            BackfillEstimate.of(
                dates,
                SessionRows.usualStart(handle, clusterId),
                SessionRows.usualStop(handle, clusterId),
                together.entrySet().stream()
                    .map(
                        job ->
                            new BackfillEstimate.Job(
                                job.getKey(),
                                job.getValue(),
                                usualApplication(
                                    handle, pipeline, job.getKey(), job.getValue() > 1)))
                    .toList()));
  }

  /** That of one date stands for one of several as long as there was none. */
  private static Optional<Duration> usualApplication(
      Handle handle, String pipeline, String job, boolean shared) {
    return Optional.of(shared)
        .filter(Boolean::booleanValue)
        .flatMap(several -> JobRows.usualShared(handle, pipeline, job))
        .or(() -> JobRows.usual(handle, pipeline, job));
  }

  /**
   * Queues the runs of a backfill, in one transaction. A date that gets another run meanwhile is
   * left out, as {@link #plan} would say.
   *
   * @param by who asks for it
   */
  public Begun begin(
      String pipeline,
      String clusterId,
      BackfillPlan.Request request,
      Optional<Timetable> timetable,
      String by) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          PipelineRows.lock(transaction.handle, pipeline);
          Map<LocalDate, Date> dates = dates(transaction.handle, pipeline, request);
          BackfillPlan plan = plan(request, timetable, dates, transaction.now());
          if (plan.toRun().isEmpty()) {
            return new Begun(plan, Optional.empty());
          }
          Backfill backfill =
              BackfillRows.insert(
                  transaction.handle, pipeline, clusterId, request, by, transaction.now());
          BackfillRows.say(
              transaction,
              backfill,
              backfill.state(),
              Optional.of(
                  "%d dates of %s asked for by %s".formatted(plan.toRun().size(), pipeline, by)));
          plan.toRun()
              .forEach(
                  date -> queue(transaction, backfill, date, dates.getOrDefault(date, Date.NEW)));
          return new Begun(plan, Optional.of(Budgets.holdIfUsedUp(transaction, backfill)));
        });
  }

  /**
   * How a date stands.
   *
   * @param attempt the latest; 0 if there is none
   */
  private record Date(LastRun lastRun, int attempt) {
    private static final Date NEW = new Date(LastRun.NONE, 0);

    /** With a later run of the date; a skipped one says nothing of those before it. */
    private Date and(Run later, Predicate<Run> atRest) {
      boolean says = later.state() != RunState.SKIPPED || lastRun == LastRun.NONE;
      return new Date(says ? lastRun(later, atRest) : lastRun, later.attempt());
    }

    private static LastRun lastRun(Run run, Predicate<Run> atRest) {
      return switch (run.state()) {
        case QUEUED -> atRest.test(run) ? LastRun.AT_REST : LastRun.OPEN;
        case RUNNING -> LastRun.OPEN;
        case SUCCEEDED -> LastRun.SUCCEEDED;
        case FAILED -> LastRun.FAILED;
        case INTERRUPTED -> LastRun.INTERRUPTED;
        case SKIPPED -> LastRun.SKIPPED;
        case CANCELLED -> LastRun.CANCELLED;
      };
    }
  }

  private static Map<LocalDate, Date> dates(
      Handle handle, String pipeline, BackfillPlan.Request request) {
    Map<LocalDate, Date> dates = new HashMap<>();
    Predicate<Run> atRest =
        run ->
            run.backfillId()
                .flatMap(id -> BackfillRows.find(handle, id))
                .filter(backfill -> backfill.state() != BackfillState.RUNNING)
                .isPresent();
    RunRows.between(handle, pipeline, request.from(), request.to())
        .forEach(
            run ->
                dates.merge(
                    run.logicalDate(),
                    Date.NEW.and(run, atRest),
                    (before, alone) -> before.and(run, atRest)));
    return dates;
  }

  private static BackfillPlan plan(
      BackfillPlan.Request request,
      Optional<Timetable> timetable,
      Map<LocalDate, Date> dates,
      Instant now) {
    LocalDate yesterday = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
    return BackfillPlan.of(
        request,
        new BackfillPlan.History(
            timetable.map(set -> set.latestDate(now).orElse(LocalDate.MIN)).orElse(yesterday),
            date -> timetable.map(set -> set.hasDate(date)).orElse(true),
            date -> dates.getOrDefault(date, Date.NEW).lastRun()));
  }

  private static void queue(
      Transaction transaction, Backfill backfill, LocalDate date, Date known) {
    NewRun wanted =
        new NewRun(
            backfill.pipeline(),
            date,
            backfill.clusterId(),
            known.lastRun() == LastRun.SUCCEEDED,
            Optional.of(Cause.BACKFILL),
            Optional.of(backfill.createdAt()),
            Optional.of(backfill.askedBy()),
            Optional.of(backfill.id()));
    RunQueue.sayQueued(
        transaction,
        RunRows.insert(
            transaction.handle,
            wanted,
            known.attempt() + 1,
            RunState.QUEUED,
            Optional.empty(),
            transaction.now()));
  }

  public Optional<Backfill> find(long id) {
    return transactions.read(handle -> BackfillRows.find(handle, id));
  }

  /** The latest backfills of a pipeline, the newest first. */
  public List<Backfill> latest(String pipeline, int limit) {
    return transactions.read(handle -> BackfillRows.of(handle, pipeline, limit));
  }

  /** Its runs in the order of their dates and attempts. */
  public List<Run> runs(long id) {
    return transactions.read(handle -> RunRows.of(handle, id));
  }

  /** How many of its runs are in which state; states without any are left out. */
  public Map<RunState, Integer> progress(long id) {
    Map<RunState, Integer> progress = new EnumMap<>(RunState.class);
    transactions
        .read(
            handle ->
                handle
                    .createQuery(
                        "select state, count(*) as runs from run where backfill_id = ? group by state")
                    .bind(0, id)
                    .map(
                        (row, context) ->
                            Map.entry(RunState.valueOf(row.getString("state")), row.getInt("runs")))
                    .list())
        .forEach(entry -> progress.put(entry.getKey(), entry.getValue()));
    return progress;
  }

  /**
   * None of its runs begins until it is resumed; one that runs ends.
   *
   * @param by who asks for it
   * @param note why, in that person's words; may be empty text
   * @throws IllegalArgumentException if there is no such backfill
   * @throws IllegalStateException if it isn't running
   */
  public void pause(long id, String by, String note) {
    change(id, BackfillState.PAUSED, Optional.of(Transaction.reason("paused", by, note)));
  }

  /**
   * The same, since the cluster can't be had.
   *
   * @param reason the cloud's own words
   */
  public void hold(long id, String reason) {
    change(id, BackfillState.HELD, Optional.of(Transaction.cut(reason)));
  }

  /** Holds those that are running on a cluster; otherwise as {@link #hold}. */
  public void holdOn(String clusterId, String reason) {
    transactions.change(
        transaction ->
            BackfillRows.on(transaction.handle, clusterId, BackfillState.RUNNING)
                .forEach(
                    backfill ->
                        BackfillRows.change(
                            transaction,
                            lock(transaction, backfill.id()),
                            BackfillState.HELD,
                            Optional.of(Transaction.cut(reason)))));
  }

  /** Its runs are taken again; otherwise as {@link #pause}. */
  public void resume(long id, String by) {
    change(id, BackfillState.RUNNING, Optional.of(Transaction.reason("resumed", by, "")));
  }

  /**
   * Cancels its queued runs, and asks for the end of one that runs; otherwise as {@link #pause}.
   */
  public void cancel(long id, String by, String note) {
    String reason = Transaction.reason("cancelled", by, note);
    transactions.untilNobodyInterferes(
        transaction -> {
          Backfill backfill = lock(transaction, id);
          BackfillRows.change(transaction, backfill, BackfillState.CANCELLED, Optional.of(reason));
          RunRows.cancelQueued(transaction.handle, backfill, reason, transaction.now())
              .forEach(run -> RunQueue.sayEnded(transaction, run, RunState.CANCELLED, reason));
          RunRows.of(transaction.handle, id).stream()
              .filter(run -> run.state() == RunState.RUNNING)
              .forEach(run -> RunQueue.cancel(transaction, run.id(), reason));
          return backfill;
        });
  }

  private void change(long id, BackfillState next, Optional<String> reason) {
    transactions.change(
        transaction -> BackfillRows.change(transaction, lock(transaction, id), next, reason));
  }

  private static Backfill lock(Transaction transaction, long id) {
    return BackfillRows.lock(transaction.handle, id)
        .orElseThrow(() -> new IllegalArgumentException("There is no backfill " + id + "."));
  }
}
