package dev.caravan.processors;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.FatalException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the end of a run: decides how it ends and writes that down before anything is killed or
 * stopped, so that a process that takes the run up from here on only brings it to this end. Two
 * runs are left alone instead: one that a shutdown hands over to the next process, and one that
 * another orchestrator has taken over.
 */
public final class DecideOutcome extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(DecideOutcome.class);

  /** What a shutdown does with a run that is under way. */
  public enum AtShutdown {
    /** Kills its jobs, stops the cluster, ends the run as interrupted. */
    STOP,
    /** Leaves everything as it is; the next process goes on with it. */
    HAND_OVER
  }

  private final Journal journal;
  private final AtShutdown atShutdown;

  public DecideOutcome(Journal journal, AtShutdown atShutdown) {
    this.journal = journal;
    this.atShutdown = atShutdown;
  }

  @Override
  protected void perform(Exchange exchange) {
    Optional<Run> run = Scope.findRun(exchange);
    if (run.isEmpty()) {
      // No run will tell it at its end.
      RunOutcome.failure(exchange)
          .ifPresent(
              cause ->
                  LOG.error(
                      "The run of {} was not begun: {}",
                      exchange.getProperty(Scope.LOGICAL_DATE, "no date", String.class),
                      cause.getMessage()));
      return;
    }
    if (!journal.claims().isHeld(run.get())) {
      LOG.error(
          "Run {} isn't this process's any more: its jobs and its cluster are left alone",
          run.get().id());
      Scope.leaveAlone(exchange);
      return;
    }
    failIfAJobHasNotEnded(exchange, run.get());
    RunOutcome outcome = RunOutcome.of(exchange);
    boolean begun = run.get().outcome().isPresent();
    if (atShutdown == AtShutdown.HAND_OVER
        && exchange.getContext().isStopping()
        && outcome.state() == RunState.INTERRUPTED
        && !begun) {
      handOver(exchange, run.get());
      return;
    }
    Scope.outcome(exchange, outcome.state());
    try {
      journal.runs().decide(run.get(), outcome.state(), outcome.sentence());
    } catch (RuntimeException e) {
      LOG.error("The journal can't be written, the stop goes on without it: {}", e.getMessage());
    }
  }

  /** No run succeeds with a job that was submitted, or meant to be, and has not ended. */
  private void failIfAJobHasNotEnded(Exchange exchange, Run run) {
    if (!exchange.getProperty(Scope.JOBS_DONE, false, Boolean.class)) {
      return;
    }
    try {
      journal.jobs().latest(run).stream()
          .filter(job -> job.state().isInFlight())
          .findFirst()
          .ifPresent(
              job -> {
                exchange.setProperty(Scope.JOBS_DONE, false);
                exchange.setProperty(
                    Scope.RUN_FAILURE,
                    new FatalException("Job " + job.job() + " had not ended when its run did."));
              });
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read, the stop goes on without it: {}", e.getMessage());
    }
  }

  private void handOver(Exchange exchange, Run run) {
    LOG.warn(
        "Caravan is being shut down: run {} is left to the next process, its job and its cluster go on (caravan.shutdown=hand-over)",
        run.id());
    Scope.leaveAlone(exchange);
    journal.claims().handOver(run);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
