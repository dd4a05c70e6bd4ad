package dev.caravan.processors.journal;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of alarms. */
final class AlarmRows {
  private AlarmRows() {}

  static Optional<Alarm> raised(Handle handle, Alarm.Key key) {
    return handle
        .createQuery("select * from alarm where raised_key = ? for update")
        .bind(0, key.toString())
        .mapTo(Alarm.class)
        .findOne();
  }

  /** Those that are not cleared, oldest first. */
  static List<Alarm> raised(Handle handle) {
    return handle
        .createQuery("select * from alarm where cleared_at is null order by id")
        .mapTo(Alarm.class)
        .list();
  }

  /** Raises it, and says so; one that is raised already gets a new cause, if it has another one. */
  static void raise(Transaction transaction, Alarm.Key key, Optional<String> runId, String detail) {
    Handle handle = transaction.handle;
    String cause = Transaction.cut(detail);
    Optional<Alarm> raised = raised(handle, key);
    if (raised.filter(alarm -> alarm.detail().equals(cause)).isPresent()) {
      return;
    }
    if (raised.isPresent()) {
      handle.execute("update alarm set detail = ? where raised_key = ?", cause, key.toString());
    } else {
      handle.execute(
          "insert into alarm (raised_key, kind, subject, run_id, raised_at, detail) values (?, ?, ?, ?, ?, ?)",
          key.toString(),
          key.kind(),
          key.subject(),
          runId.orElse(null),
          transaction.now(),
          cause);
    }
    transaction.event(runId, RunEvent.Kind.ALARM_RAISED, key.toString(), cause);
  }

  /**
   * What the end of a run raises or clears: a date that has failed is an alarm until it succeeds.
   */
  static void ended(Transaction transaction, Run run, RunState state, Optional<String> failure) {
    String date = run.pipeline() + "/" + run.logicalDate();
    if (state == RunState.FAILED) {
      raise(
          transaction,
          new Alarm.Key(AlarmKind.RUN_FAILED, date),
          Optional.of(run.id()),
          failure.orElse("no cause is known"));
    } else if (state == RunState.SUCCEEDED) {
      clear(transaction, AlarmKind.RUN_FAILED, date);
      clear(transaction, AlarmKind.RUN_OVERDUE, date);
    }
  }

  /** Clears it if it is raised, and says so. */
  static void clear(Transaction transaction, AlarmKind kind, String subject) {
    Alarm.Key key = new Alarm.Key(kind, subject);
    raised(transaction.handle, key)
        .ifPresent(
            alarm -> {
              transaction.handle.execute(
                  "update alarm set raised_key = null, cleared_at = ? where raised_key = ?",
                  transaction.now(),
                  key.toString());
              transaction.event(alarm.runId(), RunEvent.Kind.ALARM_CLEARED, key.toString(), "");
            });
  }
}
