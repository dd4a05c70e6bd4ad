package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The rows of the outbox. */
final class NotificationRows {
  /** How long a backfill that goes on collects its failures. */
  static final Duration BACKFILL_COLLECTS = Duration.ofMinutes(10);

  private static final int MOST_TOGETHER = 500;
  private static final int MOST_DELETED = 1_000;

  /**
   * Due, and not before an earlier message of the same alarm, or of the same pipeline's runs, to
   * the same target.
   */
  private static final String DUE =
      "select n.* from notification n left join backfill b on b.id = n.backfill_id"
          + " where n.state = 'PENDING' and n.due_at <= :now and n.target in (<targets>)"
          + " and (n.urgent or n.target not in (<quiet>))"
          + " and (n.backfill_id is null or b.state <> 'RUNNING' or n.created_at <= :collected)"
          + " and not exists (select 1 from notification e where e.state = 'PENDING'"
          + " and e.target = n.target and e.id < n.id"
          + " and (e.alarm_id = n.alarm_id or (e.alarm_id is null and n.alarm_id is null)))";

  private NotificationRows() {}

  /** Writes who is to be told of the transaction's events. */
  static void write(Transaction transaction, Addressing addressing) {
    for (RunEvent event : transaction.events()) {
      switch (event.kind()) {
        case ALARM_RAISED -> raised(transaction, event, addressing);
        case ALARM_CLEARED -> cleared(transaction, event);
        case RUN_CLAIMED -> ofRun(transaction, event, addressing, Notification.Kind.RUN_STARTED);
        case RUN_ENDED ->
            kindOf(event).ifPresent(kind -> ofRun(transaction, event, addressing, kind));
        default -> {
          // Nobody is told of it.
        }
      }
    }
  }

  private static Optional<Notification.Kind> kindOf(RunEvent end) {
    return switch (RunState.valueOf(end.subject())) {
      case SUCCEEDED -> Optional.of(Notification.Kind.RUN_SUCCEEDED);
      case FAILED -> Optional.of(Notification.Kind.RUN_FAILED);
      default -> Optional.empty();
    };
  }

  /** A run of a backfill says nothing of whether the schedule is kept. */
  private static void ofRun(
      Transaction transaction, RunEvent event, Addressing addressing, Notification.Kind kind) {
    List<String> targets = addressing.ofRuns(pipelineOf(event.runId()));
    if (targets.isEmpty() || backfillOf(transaction.handle, event.runId()).isPresent()) {
      return;
    }
    for (String target : targets) {
      insert(
          transaction, target, kind, null, event.runId(), Optional.empty(), true, event.detail());
    }
  }

  private static void raised(Transaction transaction, RunEvent event, Addressing addressing) {
    Handle handle = transaction.handle;
    Alarm.Key key = Alarm.Key.of(event.subject());
    List<String> targets = addressing.ofAlarm(key.kind(), pipelineOf(key));
    if (targets.isEmpty()) {
      return;
    }
    long alarm = latestAlarm(handle, key);
    List<String> told = told(handle, alarm, "");
    Optional<Long> backfill =
        key.kind() == AlarmKind.RUN_FAILED ? backfillOf(handle, event.runId()) : Optional.empty();
    for (String target : targets) {
      // It is raised again with another cause: that is one and the same alarm.
      if (!told.contains(target)) {
        insert(
            transaction,
            target,
            Notification.Kind.ALARM_RAISED,
            alarm,
            event.runId(),
            backfill,
            key.kind().isUrgent(),
            event.detail());
      }
    }
  }

  /** Those hear of the end who were told of the alarm. */
  private static void cleared(Transaction transaction, RunEvent event) {
    Handle handle = transaction.handle;
    Alarm.Key key = Alarm.Key.of(event.subject());
    long alarm = latestAlarm(handle, key);
    for (String target : told(handle, alarm, " and state <> 'GIVEN_UP'")) {
      insert(
          transaction,
          target,
          Notification.Kind.ALARM_CLEARED,
          alarm,
          event.runId(),
          key.kind() == AlarmKind.RUN_FAILED ? backfillOf(handle, event.runId()) : Optional.empty(),
          key.kind().isUrgent(),
          "");
    }
  }

  private static List<String> told(Handle handle, long alarm, String more) {
    return handle
        .createQuery(
            "select distinct target from notification where alarm_id = ? and kind = 'ALARM_RAISED'"
                + more)
        .bind(0, alarm)
        .mapTo(String.class)
        .list();
  }

  private static long latestAlarm(Handle handle, Alarm.Key key) {
    return handle
        .createQuery("select max(id) from alarm where subject = ? and kind = ?")
        .bind(0, key.subject())
        .bind(1, key.kind())
        .mapTo(Long.class)
        .one();
  }

  private static Optional<Long> backfillOf(Handle handle, String runId) {
    return RunRows.find(handle, runId).flatMap(Run::backfillId);
  }

  /** Empty for what is about a cluster. */
  private static Optional<String> pipelineOf(Alarm.Key key) {
    return switch (key.kind()) {
      case RUN_FAILED, RUN_LATE, RUN_OVERDUE, RUN_TAKEN_OVER, BUDGET_WARNING, BUDGET_EXCEEDED ->
          Optional.of(pipelineOf(key.subject()));
      case BROKEN_DEFINITION -> Optional.of(key.subject().replaceFirst("\\.ya?ml$", ""));
      case STOP_REFUSED, STOP_FAILED, LEFT_RUNNING, RUNNING_UNUSED -> Optional.empty();
    };
  }

  /** A run's id, and the subject of a failure, begin with it. */
  private static String pipelineOf(String run) {
    int slash = run.indexOf('/');
    return slash < 0 ? run : run.substring(0, slash);
  }

  private static void insert(
      Transaction transaction,
      String target,
      Notification.Kind kind,
      Long alarm,
      String runId,
      Optional<Long> backfill,
      boolean urgent,
      String detail) {
    transaction.handle.execute(
        "insert into notification (target, kind, alarm_id, run_id, backfill_id, urgent, state, created_at, due_at, detail) values (?, ?, ?, ?, ?, ?, 'PENDING', ?, ?, ?)",
        target,
        kind,
        alarm,
        runId.isEmpty() ? null : runId,
        backfill,
        urgent,
        transaction.now(),
        transaction.now(),
        detail);
  }

  /**
   * The next that is due, and with one of a backfill the others of that backfill.
   *
   * @param quiet those of the targets that now get only what is urgent
   */
  static List<Notification> due(
      Handle handle, Collection<String> targets, Collection<String> quiet, Instant now) {
    Optional<Notification> next =
        bind(handle.createQuery(DUE + " order by n.id limit 1"), targets, quiet, now)
            .mapTo(Notification.class)
            .findOne();
    if (next.flatMap(Notification::backfillId).isEmpty()) {
      return next.stream().toList();
    }
    return bind(
            handle.createQuery(
                DUE
                    + " and n.backfill_id = :backfill and n.kind = :kind order by n.id limit "
                    + MOST_TOGETHER),
            List.of(next.get().target()),
            quiet,
            now)
        .bind("backfill", next.get().backfillId())
        .bind("kind", next.get().kind())
        .mapTo(Notification.class)
        .list();
  }

  private static Query bind(
      Query query, Collection<String> targets, Collection<String> quiet, Instant now) {
    // No target has the empty name, so that no list is empty.
    return query
        .bind("now", now)
        .bind("collected", now.minus(BACKFILL_COLLECTS))
        .bindList("targets", withOne(targets))
        .bindList("quiet", withOne(quiet));
  }

  private static List<String> withOne(Collection<String> names) {
    return Stream.concat(Stream.of(""), names.stream()).toList();
  }

  /**
   * Begins the delivery.
   *
   * @return false if another orchestrator has begun it
   */
  static boolean begin(Handle handle, Notification next, Instant leasedUntil) {
    return handle.execute(
            "update notification set attempts = attempts + 1, due_at = ? where id = ? and attempts = ? and state = 'PENDING'",
            leasedUntil,
            next.id(),
            next.attempts())
        == 1;
  }

  static void end(Handle handle, Notification each, Notification.State state, Instant now) {
    handle.execute(
        "update notification set state = ?, ended_at = ? where id = ?", state, now, each.id());
    if (state == Notification.State.SENT) {
      each.alarmId()
          .ifPresent(
              alarm ->
                  handle.execute(
                      "update alarm set sent_at = coalesce(sent_at, ?) where id = ?", now, alarm));
    }
  }

  static void fail(Handle handle, Notification each, Instant dueAt, boolean plain, String error) {
    handle.execute(
        "update notification set due_at = ?, plain = ?, last_error = ? where id = ?",
        dueAt,
        plain,
        error.length() <= 1000 ? error : error.substring(0, 1000),
        each.id());
  }

  /** Nothing is sent to the target before this time. */
  static void hold(Handle handle, String target, Instant until) {
    handle.execute(
        "update notification set due_at = ? where target = ? and state = 'PENDING' and due_at < ?",
        until,
        target,
        until);
  }

  static Optional<Alarm> alarm(Handle handle, long id) {
    return handle
        .createQuery("select * from alarm where id = ?")
        .bind(0, id)
        .mapTo(Alarm.class)
        .findOne();
  }

  static int deleteEnded(Handle handle, Instant before) {
    return handle
        .createUpdate(
            "delete from notification where id in (select n.id from notification n"
                + " left join alarm a on a.id = n.alarm_id"
                + " where n.state <> 'PENDING' and n.ended_at < :before"
                + " and (n.alarm_id is null or a.cleared_at < :before)"
                + " and not exists (select 1 from notification p"
                + " where p.alarm_id = n.alarm_id and p.state = 'PENDING')"
                + " order by n.id limit "
                + MOST_DELETED
                + ")")
        .bind("before", before)
        .execute();
  }

  static int pending(Handle handle) {
    return handle
        .createQuery("select count(*) from notification where state = 'PENDING'")
        .mapTo(Integer.class)
        .one();
  }
}
