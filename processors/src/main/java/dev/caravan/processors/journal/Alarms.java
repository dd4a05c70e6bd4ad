package dev.caravan.processors.journal;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What needs a person's attention. An alarm is raised once, whoever raises it again, until what
 * raised it is over. For use by many threads.
 */
public final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  private final Transactions transactions;
  private final AlarmLog log;

  Alarms(Transactions transactions, AlarmLog log) {
    this.transactions = transactions;
    this.log = log;
  }

  /**
   * Raises an alarm. Never fails: where it can't be written, it is only said.
   *
   * @param runId the run in which it came up; empty: no run is known, and it is only said
   * @param detail the cause, in words
   */
  public void raise(AlarmKind kind, String subject, Optional<String> runId, String detail) {
    Alarm.Key key = new Alarm.Key(kind, subject);
    if (runId.isEmpty()) {
      log.say(key, detail);
    } else {
      write(key, detail, transaction -> AlarmRows.raise(transaction, key, runId, detail));
    }
  }

  /** Raises an alarm that is of no run. Never fails, as the other. */
  public void raise(AlarmKind kind, String subject, String detail) {
    Alarm.Key key = new Alarm.Key(kind, subject);
    write(key, detail, transaction -> AlarmRows.raise(transaction, key, Optional.empty(), detail));
  }

  /** What raised the alarm is over. */
  public void clear(AlarmKind kind, String subject) {
    transactions.change(transaction -> AlarmRows.clear(transaction, kind, subject));
  }

  /** Raises the alarm that this process has lost the run; it is over if the run is. Never fails. */
  void raiseTakenOver(String runId) {
    Alarm.Key key = new Alarm.Key(AlarmKind.RUN_TAKEN_OVER, runId);
    write(
        key,
        "",
        transaction -> {
          RunState state = RunRows.lock(transaction.handle, runId);
          AlarmRows.raise(transaction, key, Optional.of(runId), "");
          if (state != RunState.RUNNING) {
            AlarmRows.clear(transaction, key.kind(), runId);
          }
        });
  }

  private void write(Alarm.Key key, String detail, Consumer<Transaction> raising) {
    try {
      transactions.untilNobodyInterferes(
          transaction -> {
            raising.accept(transaction);
            return key;
          });
    } catch (RuntimeException e) {
      LOG.error("The journal can't be written, the alarm is only said: {}", e.getMessage());
      log.say(key, detail);
    }
  }

  /** Those that are not cleared, oldest first. */
  public List<Alarm> raised() {
    return transactions.read(AlarmRows::raised);
  }
}
