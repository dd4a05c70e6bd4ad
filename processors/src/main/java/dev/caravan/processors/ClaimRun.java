package dev.caravan.processors;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One try to claim the pipeline's logical date and the cluster. As long as another run has them the
 * route comes back here, until a deadline; a date that has succeeded, or that another orchestrator
 * ended meanwhile, is left alone, and the route is told so by an absent {@code run}. A run that an
 * earlier process had decided on is only brought to its end: nothing of it is pending.
 */
public final class ClaimRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimRun.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The run of another orchestrator that this exchange waits for. */
  private static final String AWAITED = "awaitedRun";

  private final Journal journal;
  private final String pipeline;
  private final String clusterId;
  private final Duration timeout;
  private final ElapsedClock clock;

  /**
   * @param timeout how long to wait for another run to free the date and the cluster
   */
  public ClaimRun(
      Journal journal, String pipeline, String clusterId, Duration timeout, ElapsedClock clock) {
    this.journal = journal;
    this.pipeline = pipeline;
    this.clusterId = clusterId;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    LocalDate date = date(exchange.getProperty(Scope.LOGICAL_DATE, String.class));
    boolean again = exchange.getProperty(Scope.AGAIN, false, Boolean.class);
    exchange.setProperty(Scope.CLAIM_SETTLED, true);
    exchange.setProperty(Scope.RUN_PENDING, false);
    Scope.pause(exchange, Duration.ZERO);
    if (wasEndedElsewhere(exchange, date)) {
      return;
    }
    Claim claim = journal.claims().claim(pipeline, date, clusterId, again);
    if (claim instanceof Claim.Taken taken) {
      take(exchange, taken);
    } else if (claim instanceof Claim.Held held) {
      await(exchange, date, held);
    } else if (claim instanceof Claim.Done done) {
      LOG.info("{} of {} has succeeded already; nothing is run", pipeline, date);
      journal.events().tell(done.run().id(), RunEvent.Kind.RUN_NOT_REPEATED, date.toString());
    }
  }

  private static void take(Exchange exchange, Claim.Taken taken) {
    Run run = taken.run();
    exchange.setProperty(Scope.RUN, run);
    MDC.put("run", run.id());
    run.outcome()
        .ifPresentOrElse(
            outcome -> resumeTheEnd(exchange, run, outcome),
            () -> exchange.setProperty(Scope.RUN_PENDING, true));
  }

  /** What an earlier process had decided: the route goes on to the stop of the cluster. */
  private static void resumeTheEnd(Exchange exchange, Run run, RunState outcome) {
    LOG.info("Run {} was decided {} before; only its end is left", run.id(), outcome);
    String failure = run.failure().orElse("no cause is known");
    switch (outcome) {
      case SUCCEEDED -> exchange.setProperty(Scope.JOBS_DONE, true);
      case INTERRUPTED ->
          exchange.setProperty(Scope.RUN_FAILURE, new CancellationException(failure));
      case FAILED, RUNNING -> exchange.setProperty(Scope.RUN_FAILURE, new FatalException(failure));
    }
  }

  /**
   * Two orchestrators that fire for the same date run it once, whatever came of it; a run that was
   * only interrupted, as by the end of the other one, still has to be made.
   */
  private boolean wasEndedElsewhere(Exchange exchange, LocalDate date) {
    Optional<Run> awaited =
        Optional.ofNullable(exchange.getProperty(AWAITED, String.class))
            .flatMap(journal.runs()::find);
    boolean ended =
        awaited
            .filter(run -> run.pipeline().equals(pipeline) && run.logicalDate().equals(date))
            .filter(run -> run.state() != RunState.RUNNING && run.state() != RunState.INTERRUPTED)
            .isPresent();
    if (ended) {
      LOG.info(
          "{} of {} was run by another orchestrator meanwhile and {}",
          pipeline,
          date,
          awaited.get().state());
    }
    return ended;
  }

  private void await(Exchange exchange, LocalDate date, Claim.Held held) {
    String holder =
        "run "
            + held.run().id()
            + (held.owner().isEmpty()
                ? ", which is still to be taken up"
                : " of " + held.owner() + ", whose claim lapses at " + held.until());
    if (!exchange.getProperty(Scope.CLAIM_PATIENTLY, true, Boolean.class)) {
      LOG.debug("{} of {} is not taken up here: {} has it", pipeline, date, holder);
      return;
    }
    Duration now = clock.elapsed();
    boolean first = Scope.isFirst(exchange, "claim");
    Duration since = Scope.since(exchange, "claim", now);
    if (first) {
      LOG.warn("{} of {} waits for {}", pipeline, date, holder);
      journal.events().tell(held.run().id(), RunEvent.Kind.RUN_AWAITED, pipeline + "/" + date);
    }
    if (now.minus(since).compareTo(timeout) > 0) {
      throw new FatalException(
          "%s of %s was not begun within %s, since cluster %s is held by %s (caravan.claim.timeout)."
              .formatted(pipeline, date, Durations.text(timeout), clusterId, holder));
    }
    exchange.setProperty(AWAITED, held.run().id());
    exchange.setProperty(Scope.CLAIM_SETTLED, false);
    Scope.pause(exchange, LOOK);
  }

  private static LocalDate date(String text) {
    if (text == null) {
      throw new FatalException(
          "No logical date: the route must set the property 'logicalDate' (YYYY-MM-DD) before claimRun.");
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new FatalException(
          "The logical date '" + text + "' isn't a date of the form YYYY-MM-DD.", e);
    }
  }
}
