package dev.caravan.processors.journal;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who drives which run, and whose session a cluster is in. For use by many threads. */
public final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final Transactions transactions;
  private final HeldClaims held;
  private final Clock clock;

  Claims(Transactions transactions, HeldClaims held, Clock clock) {
    this.transactions = transactions;
    this.held = held;
    this.clock = clock;
  }

  /**
   * Claims a cluster for a session of one run, as {@link #claim(String, List, String, boolean)}.
   */
  public Claim claim(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    return claim(pipeline, List.of(date), clusterId, afresh);
  }

  /**
   * Claims a cluster for a session, together with the first logical date for its run; the dates
   * that follow are queued, each for {@link #claimNext}. A date is free once its run has ended, the
   * cluster by {@link #endSession}. An attempt that was never ended is continued once its claim has
   * lapsed; a failed date gets a new attempt. As long as another run is open on the cluster,
   * nothing else is begun there.
   *
   * @param afresh run dates that have succeeded once more, and redo jobs that are verified already
   */
  public Claim claim(String pipeline, List<LocalDate> dates, String clusterId, boolean afresh) {
    NewRun first = NewRun.ofSession(pipeline, dates.get(0), clusterId, afresh);
    return transactions.untilNobodyInterferes(
        transaction -> {
          Handle handle = transaction.handle;
          List<String> cluster = List.of(HeldClaims.clusterOf(clusterId));
          Optional<HeldClaims.Row> other = held.heldBy(handle, cluster);
          Claim claim =
              claim(
                  transaction,
                  first,
                  other,
                  () ->
                      RunRows.openOn(handle, clusterId)
                          .filter(
                              run ->
                                  !(run.pipeline().equals(pipeline)
                                      && dates.contains(run.logicalDate()))));
          if (claim instanceof Claim.Taken taken) {
            String session = HeldClaims.sessionOn(clusterId);
            held.take(transaction, session, taken.run().id(), cluster);
            dates.stream()
                .skip(1)
                .forEach(
                    date -> queue(handle, NewRun.ofSession(pipeline, date, clusterId, afresh)));
          }
          return claim;
        });
  }

  /**
   * Claims the logical date of a further run for this process's session on the cluster.
   *
   * @throws RunLostException if the session isn't this process's any more
   */
  public Claim claimNext(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          transaction.requireSession(clusterId);
          Claim claim =
              claim(
                  transaction,
                  NewRun.ofSession(pipeline, date, clusterId, afresh),
                  Optional.empty(),
                  Optional::empty);
          if (claim instanceof Claim.Taken taken) {
            held.goOnWith(transaction, HeldClaims.sessionOn(clusterId), taken.run().id());
          }
          return claim;
        });
  }

  /**
   * Claims a cluster for a session, together with the run that is next there: one that a process
   * before this left open, or else the first in the queue.
   *
   * @return empty if none is due there
   */
  public Optional<Claim> claimDue(String clusterId) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          List<String> cluster = List.of(HeldClaims.clusterOf(clusterId));
          Optional<HeldClaims.Row> other = held.heldBy(transaction.handle, cluster);
          Optional<Claim> claim =
              nextOn(transaction, clusterId)
                  .map(run -> claim(transaction, NewRun.like(run), other, Optional::empty));
          if (claim.isPresent() && claim.get() instanceof Claim.Taken taken) {
            String session = HeldClaims.sessionOn(clusterId);
            held.take(transaction, session, taken.run().id(), cluster);
          }
          return claim;
        });
  }

  /**
   * Claims the run that is next for this process's session on the cluster.
   *
   * @return empty if none is due there
   * @throws RunLostException if the session isn't this process's any more
   */
  public Optional<Claim> claimNextDue(String clusterId) {
    return transactions.untilNobodyInterferes(
        transaction -> {
          transaction.requireSession(clusterId);
          Optional<Claim> claim =
              nextOn(transaction, clusterId)
                  .map(
                      run ->
                          claim(transaction, NewRun.like(run), Optional.empty(), Optional::empty));
          if (claim.isPresent() && claim.get() instanceof Claim.Taken taken) {
            held.goOnWith(transaction, HeldClaims.sessionOn(clusterId), taken.run().id());
          }
          return claim;
        });
  }

  /** The run that is next, locked as it was found. */
  private static Optional<Run> nextOn(Transaction transaction, String clusterId) {
    Handle handle = transaction.handle;
    Optional<Run> running = RunRows.runningOn(handle, clusterId);
    Optional<Run> next = running.isPresent() ? running : RunRows.nextOn(handle, clusterId);
    while (next.isPresent() && RunRows.lock(handle, next.get().id()) != next.get().state()) {
      // Cancelled, or ended, since it was read.
      next = RunRows.nextOn(handle, clusterId);
    }
    return next;
  }

  private static void tell(Transaction transaction, Claim.Taken taken) {
    Run run = taken.run();
    transaction.event(
        run.id(),
        taken.continued() ? RunEvent.Kind.RUN_CONTINUED : RunEvent.Kind.RUN_CLAIMED,
        run.logicalDate().toString(),
        "attempt " + run.attempt());
  }

  /**
   * Claims the date, and says so.
   *
   * @param cluster who else has the cluster
   * @param open another run that is to be brought to its end first
   */
  private Claim claim(
      Transaction transaction,
      NewRun asked,
      Optional<HeldClaims.Row> cluster,
      Supplier<Optional<Run>> open) {
    Handle handle = transaction.handle;
    List<String> dateOfRun = List.of(HeldClaims.dateOf(asked.pipeline(), asked.date().toString()));
    Optional<HeldClaims.Row> other = cluster.or(() -> held.heldBy(handle, dateOfRun));
    Optional<Run> last = RunRows.last(handle, asked.pipeline(), asked.date());
    RunState state = last.map(Run::state).orElse(RunState.FAILED);
    if (state == RunState.SUCCEEDED && !asked.afresh()) {
      return new Claim.Done(last.orElseThrow());
    }
    if (other.isPresent()) {
      Run holder = RunRows.find(handle, other.get().runId()).orElseThrow();
      return new Claim.Held(holder, other.get().owner(), other.get().lapsesAt());
    }
    Optional<Run> before = open.get();
    if (before.isPresent()) {
      return new Claim.Held(before.get(), "", held.now(handle));
    }
    Run run =
        switch (state) {
          case RUNNING -> last.orElseThrow();
          case QUEUED -> begin(transaction, last.orElseThrow());
          default ->
              RunRows.insert(handle, asked, RunState.RUNNING, Optional.empty(), clock.instant());
        };
    SessionRows.join(handle, run, asked.clusterId());
    held.take(transaction, run.id(), run.id(), dateOfRun);
    // Its holder can have ended it since it was read; from here on nobody else can.
    if (RunRows.find(handle, run.id()).orElseThrow().state() != RunState.RUNNING) {
      throw new RunLostException(run.id());
    }
    Claim.Taken taken = new Claim.Taken(run, state == RunState.RUNNING);
    tell(transaction, taken);
    return taken;
  }

  private Run begin(Transaction transaction, Run queued) {
    AlarmRows.clear(transaction, AlarmKind.RUN_LATE, queued.id());
    return RunRows.begin(transaction.handle, queued.id(), clock.instant());
  }

  /** Writes that the date is to be run, unless it is open already, or done. */
  private void queue(Handle handle, NewRun asked) {
    Optional<Run> last = RunRows.last(handle, asked.pipeline(), asked.date());
    RunState state = last.map(Run::state).orElse(RunState.FAILED);
    if (!state.isOpen() && (state != RunState.SUCCEEDED || asked.afresh())) {
      RunRows.insert(handle, asked, RunState.QUEUED, Optional.empty(), clock.instant());
    }
  }

  /**
   * Claims a cluster for the stop that is all that is left of a session, so that no other begins
   * there meanwhile. {@link #endSession} frees it.
   *
   * @param run the latest of the session that owes the stop
   * @return false if a session holds the cluster or a run is open on it
   */
  public boolean claimStop(ClusterSession session, Run run) {
    String holder = HeldClaims.sessionOn(session.clusterId());
    List<String> resources = List.of(HeldClaims.clusterOf(session.clusterId()));
    return transactions.untilNobodyInterferes(
        transaction -> {
          boolean free =
              held.heldBy(transaction.handle, resources).isEmpty()
                  && RunRows.openOn(transaction.handle, session.clusterId()).isEmpty();
          if (free) {
            held.take(transaction, holder, run.id(), resources);
          }
          return free;
        });
  }

  /** Ends this process's session on the cluster: it is free from here on. */
  public void endSession(String clusterId) {
    endSession(clusterId, RunState.INTERRUPTED, "its session ended before its turn.");
  }

  /**
   * Ends this process's session on the cluster: it is free from here on.
   *
   * @param unbegun how the runs end whose turn did not come
   * @param why they end so
   */
  public void endSession(String clusterId, RunState unbegun, String why) {
    String holder = HeldClaims.sessionOn(clusterId);
    Optional<String> runId = held.runOf(holder);
    if (runId.isEmpty()) {
      return;
    }
    transactions.change(
        transaction -> {
          transaction.requireSession(clusterId);
          RunRows.queuedOn(transaction.handle, clusterId)
              .forEach(
                  run -> RunQueue.end(transaction, run, unbegun, "The run was not begun: " + why));
          held.drop(transaction, holder);
          EventRows.endStep(transaction.handle, runId.get(), transaction.now());
        });
  }

  /**
   * Lets the claim of this process's session lapse in its time: it could not be ended, and another
   * is to see to the cluster.
   */
  public void stopRenewingSession(String clusterId) {
    held.stopRenewing(HeldClaims.sessionOn(clusterId));
  }

  /** Whether the cluster is still this process's to see to; as {@link #isHeld}. */
  public boolean isSessionHeld(String clusterId) {
    return isHeld(
        HeldClaims.sessionOn(clusterId), transaction -> transaction.requireSession(clusterId));
  }

  /**
   * Whether this process still drives the run. Where the journal can't be read, what was known last
   * counts, for as long as nobody can have taken the run over.
   */
  public boolean isHeld(Run run) {
    return isHeld(run.id(), transaction -> transaction.requireClaim(run));
  }

  private boolean isHeld(String holder, Consumer<Transaction> requirement) {
    try {
      transactions.change(requirement);
      return true;
    } catch (RunLostException e) {
      return false;
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read: {}", e.getMessage());
      return held.mayAct(holder);
    }
  }

  /** Whether this process drives any run or session now, as far as it knows without asking. */
  public boolean isHolding() {
    return held.isHolding();
  }

  /** Whether this process's session has the cluster, as far as it knows without asking. */
  public boolean isHolding(String clusterId) {
    return held.isHolding(HeldClaims.sessionOn(clusterId));
  }

  /**
   * Lets the claim lapse in its time: this process could not bring the run to its end, and another,
   * or itself, is to take it up.
   */
  public void stopRenewing(Run run) {
    held.stopRenewing(run.id());
  }

  /** Leaves an open run and its session to the next process, which may take them up at once. */
  public void letGo(Run run) {
    letGo(run, transaction -> {});
  }

  /** Leaves an open run and its session to the next process, and says so. */
  public void handOver(Run run) {
    letGo(run, transaction -> transaction.event(run.id(), RunEvent.Kind.RUN_HANDED_OVER, "", ""));
  }

  private void letGo(Run run, Consumer<Transaction> telling) {
    // A renewal in between would undo it.
    List<String> holders = held.holdersFor(run.id());
    holders.forEach(held::stopRenewing);
    transactions.change(
        transaction -> {
          holders.forEach(holder -> held.letGo(transaction, holder));
          telling.accept(transaction);
        });
  }
}
