package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What people and monitors are to be told. A message is written in the transaction of the change
 * that it tells of, so that none is lost and none tells of what was not written; it is delivered
 * later, by whichever process takes it. One that was taken by a process that died is due again when
 * its lease has expired, so that a message may come twice. For use by many threads.
 */
public final class Outbox {
  private final Transactions transactions;

  Outbox(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Sets who is told of what happens from now on; until then nobody is. */
  public void address(Addressing addressing) {
    transactions.address(addressing);
  }

  /**
   * Takes the next message that is due; of a backfill all those of a kind that are, which are told
   * together.
   *
   * @param targets those to which anything is sent
   * @param quiet those of them that now get only what is urgent
   * @param lease how long its delivery may take before it is due again
   * @return of one target and kind; empty if nothing is due
   */
  public List<Notification> take(
      Collection<String> targets, Collection<String> quiet, Duration lease) {
    return transactions.inTransaction(
        transaction -> {
          Instant now = transaction.now();
          List<Notification> taken = new ArrayList<>();
          for (Notification next : NotificationRows.due(transaction.handle, targets, quiet, now)) {
            if (NotificationRows.begin(transaction.handle, next, now.plus(lease))) {
              taken.add(begun(next));
            }
          }
          return List.copyOf(taken);
        });
  }

  private static Notification begun(Notification next) {
    return new Notification(
        next.id(),
        next.target(),
        next.kind(),
        next.alarmId(),
        next.runId(),
        next.backfillId(),
        next.urgent(),
        next.createdAt(),
        next.attempts() + 1,
        next.plain(),
        next.detail());
  }

  /**
   * They were delivered.
   *
   * @param pace how long the target is left alone before the next message
   */
  public void sent(List<Notification> taken, Duration pace) {
    transactions.change(
        transaction ->
            taken.forEach(
                each -> {
                  NotificationRows.end(
                      transaction.handle, each, Notification.State.SENT, transaction.now());
                  if (!pace.isZero()) {
                    NotificationRows.hold(
                        transaction.handle, each.target(), transaction.now().plus(pace));
                  }
                }));
  }

  /**
   * They could not be delivered, and are tried again.
   *
   * @param plain whether without formatting
   * @param error without secrets
   */
  public void retry(List<Notification> taken, Duration after, boolean plain, String error) {
    transactions.change(
        transaction ->
            taken.forEach(
                each ->
                    NotificationRows.fail(
                        transaction.handle, each, transaction.now().plus(after), plain, error)));
  }

  /** The target asks to be left alone for this time. */
  public void hold(String target, Duration wait) {
    transactions.change(
        transaction ->
            NotificationRows.hold(transaction.handle, target, transaction.now().plus(wait)));
  }

  /**
   * They are not delivered, for good.
   *
   * @param error without secrets
   */
  public void giveUp(List<Notification> taken, String error) {
    transactions.change(
        transaction ->
            taken.forEach(
                each -> {
                  NotificationRows.fail(
                      transaction.handle, each, transaction.now(), each.plain(), error);
                  NotificationRows.end(
                      transaction.handle, each, Notification.State.GIVEN_UP, transaction.now());
                }));
  }

  /** The alarm that the message tells of, as it is now. */
  public Optional<Alarm> alarm(Notification notification) {
    return transactions.read(
        handle -> notification.alarmId().flatMap(id -> NotificationRows.alarm(handle, id)));
  }

  /**
   * Deletes messages that were delivered or given up before then, some at a time. Those of an alarm
   * stay until it has been over for as long, since its end is told to whom the alarm was told.
   *
   * @return how many were deleted
   */
  public int deleteEnded(Instant before) {
    return transactions.inTransaction(
        transaction -> NotificationRows.deleteEnded(transaction.handle, before));
  }

  /** How many messages have not been delivered. */
  public int pending() {
    return transactions.read(NotificationRows::pending);
  }
}
