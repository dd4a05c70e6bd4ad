package dev.caravan.processors.journal;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How the pipelines' budgets stand. What is known of a budget are its alarms, so that any number of
 * orchestrators, and who queues runs, go by the same. For use by many threads.
 */
public final class Budgets {
  private final Transactions transactions;

  Budgets(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Writes how a budget stands: raises its alarms, once each for a month, or clears them. The
   * backfills of a pipeline that are running when its budget is used up are held; a person may
   * resume them.
   *
   * @param state {@link BudgetState#WITHIN} if the pipeline has no budget any more
   * @param words what is spent, for the alarm
   */
  public void judge(String pipeline, YearMonth month, BudgetState state, String words) {
    transactions.untilNobodyInterferes(
        transaction -> {
          PipelineRows.lock(transaction.handle, pipeline);
          clear(transaction, pipeline, month, state);
          if (state != BudgetState.WITHIN) {
            raise(transaction, AlarmKind.BUDGET_WARNING, subject(pipeline, month), words);
          }
          if (state == BudgetState.EXCEEDED
              && raise(transaction, AlarmKind.BUDGET_EXCEEDED, subject(pipeline, month), words)) {
            hold(transaction, pipeline);
          }
          return state;
        });
  }

  /** Those of other months, and those that aren't true any more, for a budget that was raised. */
  private static void clear(
      Transaction transaction, String pipeline, YearMonth month, BudgetState state) {
    for (Alarm alarm : AlarmRows.raised(transaction.handle)) {
      boolean over =
          switch (alarm.kind()) {
            case BUDGET_WARNING -> state == BudgetState.WITHIN;
            case BUDGET_EXCEEDED -> state != BudgetState.EXCEEDED;
            default -> false;
          };
      boolean ofBudget =
          alarm.kind() == AlarmKind.BUDGET_WARNING || alarm.kind() == AlarmKind.BUDGET_EXCEEDED;
      if (ofBudget
          && alarm.subject().startsWith(pipeline + "/")
          && (over || !alarm.subject().equals(subject(pipeline, month)))) {
        AlarmRows.clear(transaction, alarm.kind(), alarm.subject());
      }
    }
  }

  private static boolean raise(
      Transaction transaction, AlarmKind kind, String subject, String words) {
    Alarm.Key key = new Alarm.Key(kind, subject);
    boolean isNew = AlarmRows.raised(transaction.handle, key).isEmpty();
    if (isNew) {
      AlarmRows.raise(transaction, key, Optional.empty(), words);
    }
    return isNew;
  }

  private static void hold(Transaction transaction, String pipeline) {
    for (Backfill running : BackfillRows.running(transaction.handle, pipeline)) {
      BackfillRows.lock(transaction.handle, running.id())
          .filter(locked -> locked.state() == BackfillState.RUNNING)
          .ifPresent(locked -> holdIfUsedUp(transaction, locked));
    }
  }

  /**
   * Holds a backfill, which is locked, if its pipeline has no money left this month; until a person
   * resumes it.
   *
   * @return the backfill as it is then
   */
  static Backfill holdIfUsedUp(Transaction transaction, Backfill running) {
    Optional<String> refusal = refusal(transaction, running.pipeline());
    if (refusal.isEmpty()) {
      return running;
    }
    BackfillRows.change(transaction, running, BackfillState.HELD, refusal);
    return BackfillRows.find(transaction.handle, running.id()).orElseThrow();
  }

  /**
   * Why the pipeline gets no new catch-up and no new backfill this month; empty: it does.
   *
   * @return a sentence without its end
   */
  static Optional<String> refusal(Transaction transaction, String pipeline) {
    YearMonth month = YearMonth.from(transaction.now().atZone(ZoneOffset.UTC));
    return detail(transaction.handle, subject(pipeline, month))
        .map(words -> "the budget of %s is used up: %s".formatted(month, words));
  }

  private static Optional<String> detail(Handle handle, String subject) {
    return handle
        .createQuery("select detail from alarm where raised_key = ?")
        .bind(0, new Alarm.Key(AlarmKind.BUDGET_EXCEEDED, subject).toString())
        .mapTo(String.class)
        .findOne();
  }

  private static String subject(String pipeline, YearMonth month) {
    return pipeline + "/" + month;
  }
}
