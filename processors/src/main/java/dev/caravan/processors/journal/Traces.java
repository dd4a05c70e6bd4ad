package dev.caravan.processors.journal;

import dev.caravan.shared.batches.SparkStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The traces of sessions: which are to be sent, and what they are called. That a trace is to be
 * sent is written in the transaction that ends its session, so that none is lost; one that was
 * taken by a process that died is due again when its lease has expired. For use by many threads.
 */
public final class Traces {
  private final Transactions transactions;

  Traces(Transactions transactions) {
    this.transactions = transactions;
  }

  /** From now on the traces of sessions that end are to be sent; until then none is. */
  public void keep() {
    transactions.keepTraces();
  }

  /** Whether the traces of sessions are to be sent. */
  public boolean areKept() {
    return transactions.areTracesKept();
  }

  /**
   * Writes the Spark stages of an attempt of a job, once it has ended; repeating it replaces them.
   *
   * @param stages each once
   */
  public void stages(Run run, JobRun attempt, List<SparkStage> stages) {
    transactions.write(run, transaction -> StageRows.write(transaction.handle, attempt, stages));
  }

  /** The Spark stages of the jobs of a run, in the order in which they began. */
  public List<JobStage> stages(Run run) {
    return transactions.read(handle -> StageRows.of(handle, run.id()));
  }

  /**
   * The id of the trace of the session that a run is in, as 32 hexadecimal digits; empty if it is
   * in none yet.
   */
  public Optional<String> idOf(Run run) {
    return transactions.read(handle -> TraceRows.idOf(handle, run.id()));
  }

  /**
   * Takes the next trace that is due.
   *
   * @param lease how long the sending may take before it is due again
   */
  public Optional<TraceExport> take(Duration lease) {
    return transactions.inTransaction(
        transaction -> {
          Instant now = transaction.now();
          return TraceRows.due(transaction.handle, now)
              .filter(next -> TraceRows.begin(transaction.handle, next, now.plus(lease)))
              .map(
                  next -> new TraceExport(next.sessionId(), next.createdAt(), next.attempts() + 1));
        });
  }

  /** All that is known of the session that it tells of. */
  public SessionRecord session(TraceExport trace) {
    return transactions.read(handle -> SessionRecordRows.one(handle, trace.sessionId()));
  }

  public void sent(TraceExport trace) {
    end(trace, TraceExport.State.SENT);
  }

  /**
   * It could not be sent, and is tried again.
   *
   * @param error without secrets
   */
  public void retry(TraceExport trace, Duration after, String error) {
    transactions.change(
        transaction ->
            TraceRows.fail(
                transaction.handle, trace.sessionId(), transaction.now().plus(after), error));
  }

  /**
   * It is not sent, for good.
   *
   * @param error without secrets
   */
  public void giveUp(TraceExport trace, String error) {
    retry(trace, Duration.ZERO, error);
    end(trace, TraceExport.State.GIVEN_UP);
  }

  private void end(TraceExport trace, TraceExport.State state) {
    transactions.change(
        transaction ->
            TraceRows.end(transaction.handle, trace.sessionId(), state, transaction.now()));
  }

  /** How many traces have not been sent. */
  public int pending() {
    return transactions.read(TraceRows::pending);
  }
}
