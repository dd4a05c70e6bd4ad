package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.FatalException;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the end of a run: decides how it ends and writes that down before anything is killed, so
 * that a process that takes the run up from here on only brings it to this end. Two runs are left
 * alone instead: one that a shutdown hands over to the next process, and one that another
 * orchestrator has taken over.
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
    RunContext context = RunContext.of(exchange);
    // Camel keeps what run-date caught; a later failure on this exchange is none of this run.
    Optional.ofNullable(exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT))
        .map(Throwable.class::cast)
        .ifPresent(context::fail);
    Optional<Run> run = context.findRun();
    if (run.isEmpty()) {
      // No run will tell it at its end.
      context
          .cause()
          .ifPresent(
              cause ->
                  LOG.error(
                      "The run of {} was not begun: {}",
                      context.requestedDate().map(LocalDate::toString).orElse("no date"),
                      cause.getMessage()));
      return;
    }
    if (!journal.claims().isHeld(run.get())) {
      LOG.error(
          "Run {} isn't this process's any more: its jobs and its cluster are left alone",
          run.get().id());
      context.session().leaveAlone();
      return;
    }
    failIfAJobHasNotEnded(context, run.get());
    RunOutcome outcome = RunOutcome.of(context, exchange.getContext().isStopping());
    boolean begun = run.get().outcome().isPresent();
    if (atShutdown == AtShutdown.HAND_OVER
        && exchange.getContext().isStopping()
        && outcome.state() == RunState.INTERRUPTED
        && !begun) {
      handOver(context.session(), run.get());
      return;
    }
    context.decide(outcome.state());
    try {
      journal.runs().decide(run.get(), outcome.state(), outcome.sentence());
    } catch (RuntimeException e) {
      LOG.error("The journal can't be written, the stop goes on without it: {}", e.getMessage());
    }
  }

  /** No run succeeds with a job that was submitted, or meant to be, and has not ended. */
  private void failIfAJobHasNotEnded(RunContext context, Run run) {
    if (!context.isAllJobsDone()) {
      return;
    }
    try {
      journal.jobs().latest(run).stream()
          .filter(job -> job.state().isInFlight())
          .findFirst()
          .ifPresent(
              job ->
                  context.revokeSuccess(
                      new FatalException("Job " + job.job() + " had not ended when its run did.")));
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read, the stop goes on without it: {}", e.getMessage());
    }
  }

  private void handOver(SessionContext session, Run run) {
    LOG.warn(
        "Caravan is being shut down: run {} is left to the next process, its job and its cluster go on (caravan.shutdown=hand-over)",
        run.id());
    session.leaveAlone();
    journal.claims().handOver(run);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
