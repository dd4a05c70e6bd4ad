package dev.caravan.processors.journal;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to write to the journal: a state and the event that tells of it are one transaction,
 * so that a process that dies loses both or neither. For use by many threads.
 */
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

  /** Two that write the same row at once collide at its key; the second then sees the first. */
  private static final int MOST_COLLISIONS = 5;

  private final Database database;
  private final HeldClaims claims;
  private final Clock clock;
  private volatile Addressing addressing = Addressing.nobody();
  private volatile boolean tracesKept;
  private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();

  Transactions(Database database, HeldClaims claims, Clock clock) {
    this.database = database;
    this.claims = claims;
    this.clock = clock;
  }

  /** Sets who is told of what happens from now on. */
  void address(Addressing targets) {
    addressing = targets;
  }

  /** From now on the traces of sessions that end are to be sent. */
  void keepTraces() {
    tracesKept = true;
  }

  boolean areTracesKept() {
    return tracesKept;
  }

  void onEvent(Consumer<RunEvent> listener) {
    listeners.add(listener);
  }

  /** Makes the change, commits it, and only then tells the listeners of its events. */
  <T> T inTransaction(Change<T> change) {
    Made<T> made =
        database.jdbi.inTransaction(
            handle -> {
              Transaction transaction = new Transaction(handle, claims, clock, tracesKept);
              T result = change.make(transaction);
              NotificationRows.write(transaction, addressing);
              EventRows.insert(handle, transaction.events());
              return new Made<>(result, transaction);
            });
    made.transaction().committed();
    made.transaction().events().forEach(this::tell);
    return made.result();
  }

  private record Made<T>(T result, Transaction transaction) {}

  /** A change without a result. */
  void change(Consumer<Transaction> change) {
    inTransaction(
        transaction -> {
          change.accept(transaction);
          return null;
        });
  }

  /** A change by the run's holder, and nobody else. */
  void write(Run run, Consumer<Transaction> change) {
    change(
        transaction -> {
          transaction.requireClaim(run);
          change.accept(transaction);
        });
  }

  <T> T read(HandleCallback<T, RuntimeException> query) {
    return database.jdbi.withHandle(query);
  }

  /** Tells the listeners of what is not written. */
  void tell(String runId, RunEvent.Kind kind, String subject) {
    tell(new RunEvent(runId, clock.instant(), kind, subject, ""));
  }

  /** What is written is written: a listener that fails must not make its writer try again. */
  private void tell(RunEvent event) {
    for (Consumer<RunEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.error("{} of run {} could not be told: {}", event.kind(), event.runId(), e.toString());
      }
    }
  }

  /** Like {@link #inTransaction}, begun again while another writes the same at the same time. */
  <T> T untilNobodyInterferes(Change<T> change) {
    for (int collision = 1; ; collision++) {
      try {
        return inTransaction(change);
      } catch (UnableToExecuteStatementException | RunLostException e) {
        if (collision == MOST_COLLISIONS) {
          throw e;
        }
        LOG.debug("Somebody else wrote the same at the same time; looking again", e);
      }
    }
  }
}
