package dev.caravan.processors.journal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The uses of clusters. For use by many threads. */
public final class Sessions {
  private final Transactions transactions;

  Sessions(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Writes that a run uses a cluster: the intent to start it ({@code ours}), or that it was found
   * running. A session whose stop was asked, or that is over, or that becomes ours, is followed by
   * a new one; repeating it for an open one changes nothing.
   */
  public ClusterSession open(Run run, String clusterId, boolean ours) {
    return transactions.inTransaction(
        transaction -> {
          transaction.requireClaim(run);
          Optional<ClusterSession> open =
              SessionRows.used(transaction.handle, run.id())
                  .filter(known -> !known.isOver() && !known.stopPending())
                  .filter(known -> known.ours() || !ours);
          if (open.isPresent()) {
            return open.get();
          }
          transaction.event(
              run.id(),
              ours ? RunEvent.Kind.CLUSTER_START_ASKED : RunEvent.Kind.CLUSTER_FOUND_RUNNING,
              clusterId,
              "");
          AlarmRows.clear(transaction, AlarmKind.RUNNING_UNUSED, clusterId);
          return SessionRows.use(transaction.handle, run.id(), clusterId, ours, transaction.now());
        });
  }

  public void startAccepted(Run run, String operationId) {
    transactions.write(
        run, transaction -> SessionRows.startAccepted(transaction.handle, run.id(), operationId));
  }

  /** Writes the intent to stop: from here until {@link #stopped} the stop is pending. */
  public void stopAsked(Run run) {
    write(
        run,
        transaction ->
            SessionRows.stopAsked(transaction.handle, run.id(), transaction.now())
                .ifPresent(
                    session ->
                        transaction.event(
                            run.id(), RunEvent.Kind.CLUSTER_STOP_ASKED, session.clusterId(), "")));
  }

  /**
   * Writes that the cluster is left running on purpose, and raises the alarm of it; its stop is not
   * owed any more.
   */
  public void leftRunning(Run run, String why) {
    write(
        run,
        transaction ->
            SessionRows.leftRunning(transaction.handle, run.id())
                .ifPresent(
                    session -> {
                      transaction.ended(session);
                      transaction.event(
                          run.id(), RunEvent.Kind.CLUSTER_LEFT_RUNNING, session.clusterId(), why);
                      Alarm.Key key = new Alarm.Key(AlarmKind.LEFT_RUNNING, session.clusterId());
                      AlarmRows.raise(transaction, key, Optional.of(run.id()), why);
                      StatusRows.close(transaction.handle, session.clusterId(), transaction.now());
                    }));
  }

  /**
   * Writes that a person wants the cluster stopped, which nobody would stop otherwise, for example
   * since it was left running: from here on its stop is owed, and the reconciler sees to it. One
   * whose stop is owed already stays as it is.
   *
   * @param by who asks for it
   * @param note why, in that person's words; may be empty text
   * @throws IllegalStateException if a run is under way there, whose session ends with the stop, or
   *     if no run of this journal has ever used the cluster
   */
  public void oweStop(String clusterId, String by, String note) {
    transactions.untilNobodyInterferes(
        transaction -> {
          Optional<ClusterSession> last =
              SessionRows.latestOn(transaction.handle, clusterId, false);
          if (last.filter(session -> session.state().isOwed()).isPresent()) {
            return last;
          }
          Optional<Run> open = RunRows.runningOn(transaction.handle, clusterId);
          if (open.isPresent() || !transaction.isFree(clusterId)) {
            throw new IllegalStateException(
                "Cluster "
                    + clusterId
                    + " is in use"
                    + open.map(run -> " by run " + run.id() + ": cancel that").orElse("")
                    + ". The session stops the cluster at its end.");
          }
          Run run =
              last.flatMap(session -> RunRows.lastOf(transaction.handle, session))
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "No run of this journal has used cluster "
                                  + clusterId
                                  + ": stop it in the Yandex Cloud console."));
          transaction.event(
              run.id(),
              RunEvent.Kind.CLUSTER_STOP_ASKED,
              clusterId,
              Transaction.reason("asked", by, note));
          return Optional.of(
              SessionRows.owe(transaction.handle, run.id(), clusterId, transaction.now()));
        });
  }

  /**
   * Writes that the session of this run, its last, is at its stop; repeating it changes nothing.
   */
  public void stopping(Run run) {
    write(
        run,
        transaction ->
            EventRows.step(
                transaction.handle, run.id(), RunStep.STOP_CLUSTER, "", transaction.now()));
  }

  /** A change of the run's session by whoever holds its cluster, also when the run has ended. */
  private void write(Run run, Consumer<Transaction> change) {
    transactions.change(
        transaction -> {
          transaction.requireSession(run);
          change.accept(transaction);
        });
  }

  /** Writes that the run's cluster is stopped, which settles what earlier runs owed it, too. */
  public void stopped(Run run) {
    of(run).ifPresent(session -> stopped(session.clusterId()));
  }

  /** Writes that the cluster is stopped, for all sessions that are open on it. */
  public void stopped(String clusterId) {
    transactions.change(
        transaction -> {
          SessionRows.stopped(transaction.handle, clusterId, transaction.now())
              .forEach(transaction::ended);
          StatusRows.close(transaction.handle, clusterId, transaction.now());
          AlarmRows.clear(transaction, AlarmKind.STOP_REFUSED, clusterId);
          AlarmRows.clear(transaction, AlarmKind.STOP_FAILED, clusterId);
          AlarmRows.clear(transaction, AlarmKind.LEFT_RUNNING, clusterId);
          AlarmRows.clear(transaction, AlarmKind.RUNNING_UNUSED, clusterId);
        });
  }

  /**
   * Whether the cluster is, or may be, up for a run of this journal: a session or a run is open
   * there, of whichever process, or its stop is owed.
   */
  public boolean isUsed(String clusterId) {
    return transactions.inTransaction(
        transaction ->
            !transaction.isFree(clusterId)
                || RunRows.runningOn(transaction.handle, clusterId).isPresent()
                || SessionRows.latestOn(transaction.handle, clusterId, true).isPresent());
  }

  /**
   * Writes that a cluster that isn't {@link #isUsed used} was seen STOPPED: what people were told
   * of it is over. What a session that has just begun owes is left as it is.
   */
  public void seenStopped(String clusterId) {
    transactions.change(
        transaction -> {
          AlarmRows.clear(transaction, AlarmKind.LEFT_RUNNING, clusterId);
          AlarmRows.clear(transaction, AlarmKind.RUNNING_UNUSED, clusterId);
        });
  }

  /** The run's latest use of the cluster. */
  public Optional<ClusterSession> of(Run run) {
    return transactions.read(handle -> SessionRows.used(handle, run.id()));
  }

  /** The latest use of the cluster by any run. */
  public Optional<ClusterSession> lastOn(String clusterId) {
    return transactions.read(handle -> SessionRows.latestOn(handle, clusterId, false));
  }

  /** The latest session that still owes the cluster's stop. */
  public Optional<ClusterSession> owedOn(String clusterId) {
    return transactions.read(handle -> SessionRows.latestOn(handle, clusterId, true));
  }

  /** Whether a run of ours started this cluster and the cloud hasn't confirmed its stop. */
  public boolean owesStop(String clusterId) {
    return owedOn(clusterId).isPresent();
  }

  /** Sessions that still owe a stop though their runs have ended. */
  public List<ClusterSession> forgotten(
      Collection<String> pipelines, Collection<String> clusterIds) {
    return transactions.read(handle -> SessionRows.forgotten(handle, pipelines, clusterIds));
  }
}
