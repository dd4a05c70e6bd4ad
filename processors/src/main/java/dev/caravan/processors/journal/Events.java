package dev.caravan.processors.journal;

import java.util.List;

/** What happened in runs. For use by many threads. */
public final class Events {
  private final Transactions transactions;

  Events(Transactions transactions) {
    this.transactions = transactions;
  }

  /** The events of a run, oldest first. */
  public List<RunEvent> of(Run run) {
    return transactions.read(handle -> EventRows.of(handle, run.id()));
  }

  /** The latest events of pipelines and backfills, oldest first. */
  public List<RunEvent> ofNoRun(int limit) {
    return transactions.read(handle -> EventRows.ofNoRun(handle, limit));
  }

  /** Tells the listeners of something that is of no matter to the record. */
  public void tell(String runId, RunEvent.Kind kind, String subject) {
    transactions.tell(runId, kind, subject);
  }

  /** Writes an event that tells of no change of a state. */
  public void write(String runId, RunEvent.Kind kind, String subject, String detail) {
    transactions.change(transaction -> transaction.event(runId, kind, subject, detail));
  }
}
