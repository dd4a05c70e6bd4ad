package dev.caravan.processors.journal;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Runs and their steps. For use by many threads. */
public final class Runs {
  private final Transactions transactions;
  private final HeldClaims claims;

  Runs(Transactions transactions, HeldClaims claims) {
    this.transactions = transactions;
    this.claims = claims;
  }

  /** The latest attempt of a pipeline's logical date. */
  public Optional<Run> last(String pipeline, LocalDate date) {
    return transactions.read(handle -> RunRows.last(handle, pipeline, date));
  }

  /** An attempt of a pipeline's logical date. */
  public Optional<Run> attempt(String pipeline, LocalDate date, int attempt) {
    return transactions.read(handle -> RunRows.attempt(handle, pipeline, date, attempt));
  }

  /** The run as it is now. */
  public Optional<Run> find(String id) {
    return transactions.read(handle -> RunRows.find(handle, id));
  }

  /** The latest run that points to the session. */
  public Optional<Run> lastOf(ClusterSession session) {
    return transactions.read(handle -> RunRows.lastOf(handle, session));
  }

  /** The latest runs of all pipelines, the newest first. */
  public List<Run> latest(int limit) {
    return transactions.read(handle -> RunRows.latest(handle, limit));
  }

  /** The latest runs of a pipeline, the newest first. */
  public List<Run> latest(String pipeline, int limit) {
    return transactions.read(handle -> RunRows.latest(handle, pipeline, limit));
  }

  /**
   * The pipeline's runs that have begun, or are queued for the session that asked for them, and
   * have not ended; oldest first.
   */
  public List<Run> open(String pipeline) {
    return transactions.read(handle -> RunRows.open(handle, pipeline));
  }

  /** The pipelines that have runs on these clusters that have not ended. */
  public List<String> openPipelines(Collection<String> clusterIds) {
    return transactions.read(handle -> RunRows.openPipelines(handle, clusterIds));
  }

  /**
   * Writes how the run is to end, before its cluster is stopped: a process that takes it up from
   * here on only stops.
   */
  public void decide(Run run, RunState outcome, Optional<String> failure) {
    transactions.write(
        run,
        transaction ->
            RunRows.decide(transaction.handle, run.id(), outcome, Transaction.cut(failure)));
  }

  /**
   * Ends a run; its date is free from here on, its cluster not before its session has ended. A run
   * of the queue that a shutdown interrupted is queued once more, unless it was asked for by hand
   * or its end was asked for: the next process is to make it.
   *
   * @throws IllegalStateException when the run's state does not allow it
   */
  public void end(Run run, RunState next, Optional<String> failure) {
    transactions.change(
        transaction -> {
          Optional<Backfill> backfill =
              run.backfillId().flatMap(id -> BackfillRows.lock(transaction.handle, id));
          RunRows.end(
              transaction.handle, run.id(), next, Transaction.cut(failure), transaction.now());
          transaction.requireClaim(run);
          claims.drop(transaction, run.id());
          EventRows.endStep(transaction.handle, run.id(), transaction.now());
          SessionRows.latest(transaction.handle, run.id())
              .ifPresent(
                  session ->
                      StatusRows.close(transaction.handle, session.clusterId(), transaction.now()));
          AlarmRows.clear(transaction, AlarmKind.RUN_TAKEN_OVER, run.id());
          AlarmRows.ended(transaction, run, next, failure);
          transaction.event(run.id(), RunEvent.Kind.RUN_ENDED, next.toString(), failure.orElse(""));
          if (next == RunState.INTERRUPTED) {
            RunQueue.repeat(transaction, RunRows.find(transaction.handle, run.id()).orElseThrow());
          }
          backfill.ifPresent(each -> BackfillRows.endIfDone(transaction, each));
        });
  }

  /**
   * Ends a queued run as CANCELLED, or asks for the end of a running one, which its {@link
   * Run#cancelRequest} tells whoever drives it. One that has ended stays as it is.
   *
   * @param by who asks for it
   * @param note why, in that person's words; may be empty text
   * @return the run as it is then
   * @throws IllegalArgumentException if there is no such run
   */
  public Run cancel(String id, String by, String note) {
    return transactions.untilNobodyInterferes(
        transaction -> RunQueue.cancel(transaction, id, Transaction.reason("cancelled", by, note)));
  }

  /** Writes that the run is at this step; repeating it changes nothing. */
  public void step(Run run, RunStep step, String subject) {
    transactions.write(
        run,
        transaction ->
            EventRows.step(transaction.handle, run.id(), step, subject, transaction.now()));
  }

  public List<StepRecord> steps(Run run) {
    return transactions.read(handle -> EventRows.steps(handle, run.id()));
  }
}
