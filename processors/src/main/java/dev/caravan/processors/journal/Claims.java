package dev.caravan.processors.journal;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who drives which run, and who stops which cluster. For use by many threads. */
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

  /** A claim that was made in a transaction, and the owner's name it is to be held under then. */
  private record Made(Claim claim, Optional<String> owner) {
    private static Made without(Claim claim) {
      return new Made(claim, Optional.empty());
    }
  }

  /**
   * Claims a pipeline's logical date together with a cluster. An attempt that was never ended is
   * continued once its claim has lapsed; a failed date gets a new attempt. As long as another run
   * is open on the cluster, nothing else is begun there.
   *
   * @param afresh run a date that has succeeded once more, and redo jobs that are verified already
   */
  public Claim claim(String pipeline, LocalDate date, String clusterId, boolean afresh) {
    Made made =
        Transactions.untilNobodyInterferes(
            () ->
                transactions.inTransaction(
                    transaction -> {
                      Made asked = claim(transaction.handle, pipeline, date, clusterId, afresh);
                      if (asked.claim() instanceof Claim.Taken taken) {
                        tell(transaction, taken);
                      }
                      return asked;
                    }));
    if (made.claim() instanceof Claim.Taken taken) {
      held.hold(taken.run().id(), made.owner().orElseThrow());
    }
    return made.claim();
  }

  private static void tell(Transaction transaction, Claim.Taken taken) {
    Run run = taken.run();
    transaction.event(
        run.id(),
        taken.continued() ? RunEvent.Kind.RUN_CONTINUED : RunEvent.Kind.RUN_CLAIMED,
        run.logicalDate().toString(),
        "attempt " + run.attempt());
  }

  private Made claim(
      Handle handle, String pipeline, LocalDate date, String clusterId, boolean afresh) {
    List<String> resources =
        List.of(HeldClaims.clusterOf(clusterId), HeldClaims.dateOf(pipeline, date.toString()));
    Optional<HeldClaims.Row> other = held.heldBy(handle, resources);
    Optional<Run> last = RunRows.last(handle, pipeline, date);
    RunState state = last.map(Run::state).orElse(RunState.FAILED);
    if (state == RunState.SUCCEEDED && !afresh) {
      return Made.without(new Claim.Done(last.orElseThrow()));
    }
    if (other.isPresent()) {
      Run holder = RunRows.find(handle, other.get().runId()).orElseThrow();
      return Made.without(new Claim.Held(holder, other.get().owner(), other.get().lapsesAt()));
    }
    Optional<Run> open =
        RunRows.openOn(handle, clusterId)
            .filter(run -> !(run.pipeline().equals(pipeline) && run.logicalDate().equals(date)));
    if (open.isPresent()) {
      return Made.without(new Claim.Held(open.get(), "", held.now(handle)));
    }
    boolean continued = state == RunState.RUNNING;
    Run run =
        continued
            ? last.orElseThrow()
            : RunRows.insert(
                handle,
                pipeline,
                date,
                last.map(Run::attempt).orElse(0) + 1,
                clusterId,
                afresh,
                clock.instant());
    String owner = held.take(handle, run.id(), resources);
    // Its holder can have ended it since it was read; from here on nobody else can.
    if (RunRows.find(handle, run.id()).orElseThrow().state() != RunState.RUNNING) {
      throw new RunLostException(run.id());
    }
    return new Made(new Claim.Taken(run, continued), Optional.of(owner));
  }

  /**
   * Claims a cluster for a run that has ended and still owes its stop, so that no run begins there
   * meanwhile.
   *
   * @param run the latest of the session that owes the stop
   * @return false if a run holds the cluster or is open on it
   */
  public boolean claimStop(ClusterSession session, Run run) {
    List<String> resources = List.of(HeldClaims.clusterOf(session.clusterId()));
    Optional<String> owner =
        Transactions.untilNobodyInterferes(
            () ->
                transactions.inTransaction(
                    transaction ->
                        held.heldBy(transaction.handle, resources).isPresent()
                                || RunRows.openOn(transaction.handle, session.clusterId())
                                    .isPresent()
                            ? Optional.<String>empty()
                            : Optional.of(held.take(transaction.handle, run.id(), resources))));
    owner.ifPresent(name -> held.hold(run.id(), name));
    return owner.isPresent();
  }

  /** Ends what {@link #claimStop} began. */
  public void dropStopClaim(Run run) {
    held.forget(run.id());
    transactions.inTransaction(
        transaction -> {
          held.drop(transaction.handle, run.id());
          return null;
        });
  }

  /**
   * Whether this process still drives the run. Where the journal can't be read, what was known last
   * counts, for as long as nobody can have taken the run over.
   */
  public boolean isHeld(Run run) {
    try {
      transactions.write(run, transaction -> {});
      return true;
    } catch (RunLostException e) {
      return false;
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read: {}", e.getMessage());
      return held.mayAct(run.id());
    }
  }

  /** Whether this process drives any run now, as far as it knows without asking. */
  public boolean isHolding() {
    return held.isHolding();
  }

  /**
   * Lets the claim lapse in its time: this process could not bring the run to its end, and another,
   * or itself, is to take it up.
   */
  public void stopRenewing(Run run) {
    held.stopRenewing(run.id());
  }

  /** Leaves an open run to the next process, which may take it up at once. */
  public void letGo(Run run) {
    letGo(run, transaction -> {});
  }

  /** Leaves an open run to the next process, and says so. */
  public void handOver(Run run) {
    letGo(run, transaction -> transaction.event(run.id(), RunEvent.Kind.RUN_HANDED_OVER, "", ""));
  }

  private void letGo(Run run, Consumer<Transaction> telling) {
    // A renewal in between would undo it.
    held.stopRenewing(run.id());
    transactions.inTransaction(
        transaction -> {
          held.letGo(transaction.handle, run.id());
          telling.accept(transaction);
          return null;
        });
    held.forget(run.id());
  }
}
