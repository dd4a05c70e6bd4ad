package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Claim;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.pipelines.BrokenPipelineException;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineParser;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One try to claim the pipeline's logical date and the cluster, or, in a session of the queue, the
 * run that is next on its cluster. As long as another run has them the route comes back here, until
 * a deadline; a date that has succeeded, or that another orchestrator ended meanwhile, is left
 * alone, and the route is told so by a context without a run. A run that an earlier process had
 * decided on is only brought to its end: nothing of it is pending.
 */
public final class ClaimRun extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimRun.class);
  private static final PipelineParser SNAPSHOTS = PipelineParser.ofSnapshots();
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Journal journal;
  private final Function<String, Pipeline> pipelines;
  private final ConfiguredClusters clusters;
  private final Duration timeout;
  private final ElapsedClock clock;

  /**
   * @param pipelines gives the pipeline of a name, as it is now
   * @param timeout how long to wait for another run to free the date and the cluster
   */
  public ClaimRun(
      Journal journal,
      Function<String, Pipeline> pipelines,
      ConfiguredClusters clusters,
      Duration timeout,
      ElapsedClock clock) {
    this.journal = journal;
    this.pipelines = pipelines;
    this.clusters = clusters;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    if (context.session().isOfQueue()) {
      claimDue(context);
      return;
    }
    LocalDate date =
        context
            .requestedDate()
            .orElseThrow(
                () ->
                    new FatalException(
                        "No logical date: the route must call chooseDate before claimRun."));
    context.session().pauseFor(Duration.ZERO);
    define(context, date);
    if (wasEndedElsewhere(context, date) || isNothingToTakeUp(context, date)) {
      context.claimedNothing();
      return;
    }
    Claim claim = claim(context, date);
    if (claim instanceof Claim.Taken taken) {
      take(context, taken.run());
    } else if (claim instanceof Claim.Held held) {
      await(context, date, held);
    } else if (claim instanceof Claim.Done done) {
      context.claimedNothing();
      LOG.info(
          "{} of {} has succeeded already; nothing is run", context.session().pipeline(), date);
      journal.events().tell(done.run().id(), RunEvent.Kind.RUN_NOT_REPEATED, date.toString());
      if (context.session().latestRun().isEmpty() && !context.session().runsLeft()) {
        adoptOwedStop(context.session());
      }
    }
  }

  private void claimDue(RunContext context) {
    SessionContext session = context.session();
    String clusterId = session.cluster().id();
    Optional<Claim> claim =
        session.latestRun().isPresent()
            ? journal.claims().claimNextDue(clusterId)
            : journal.claims().claimDue(clusterId);
    if (claim.isEmpty() || !(claim.get() instanceof Claim.Taken taken)) {
      // Since it was seen it was cancelled, or another orchestrator has taken it, or the cluster.
      session.setRunDue(false);
      context.claimedNothing();
      return;
    }
    Run run = taken.run();
    // Before anything can fail: what fails from here on is this run's failure.
    claimed(context, run);
    context.define(definition(run));
    keepDefinition(context, run);
  }

  /**
   * The definition is that of now, but for a run that has begun, which keeps its own. The cluster
   * stays the same for the whole session.
   */
  private void define(RunContext context, LocalDate date) {
    SessionContext session = context.session();
    Optional<Run> begun =
        journal.runs().last(session.pipeline(), date).filter(run -> run.state().isOpen());
    Pipeline pipeline =
        begun.map(this::definition).orElseGet(() -> pipelines.apply(session.pipeline()));
    context.define(pipeline);
    if (session.findCluster().isEmpty()) {
      session.use(
          begun
              .flatMap(Run::clusterId)
              .flatMap(clusters::withId)
              .orElseGet(() -> clusters.require(pipeline.cluster())));
    }
  }

  /** The one that the run keeps; that of now if it keeps none yet. */
  private Pipeline definition(Run run) {
    return journal
        .definitions()
        .of(run)
        .map(text -> parse(run, text))
        .orElseGet(() -> pipelines.apply(run.pipeline()));
  }

  private static Pipeline parse(Run run, String text) {
    try {
      return SNAPSHOTS.parse(run.pipeline(), "the definition of run " + run.id(), text);
    } catch (BrokenPipelineException e) {
      throw new FatalException(
          "The definition that run " + run.id() + " keeps can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * A process that died between the end of its last run and the stop leaves a session like this.
   */
  private void adoptOwedStop(SessionContext context) {
    journal
        .sessions()
        .owedOn(context.cluster().id())
        .ifPresent(
            session ->
                journal
                    .runs()
                    .lastOf(session)
                    .filter(run -> journal.claims().claimStop(session, run))
                    .ifPresent(context::adopt));
  }

  /** The first run of a session claims the cluster, too, for those that follow. */
  private Claim claim(RunContext context, LocalDate date) {
    SessionContext session = context.session();
    String pipeline = session.pipeline();
    String clusterId = session.cluster().id();
    if (session.latestRun().isPresent()) {
      return journal.claims().claimNext(pipeline, date, clusterId, session.isAgain());
    }
    List<LocalDate> dates = new ArrayList<>(List.of(date));
    dates.addAll(session.datesLeft());
    return journal.claims().claim(pipeline, dates, clusterId, session.isAgain());
  }

  private void take(RunContext context, Run run) {
    claimed(context, run);
    keepDefinition(context, run);
  }

  private void keepDefinition(RunContext context, Run run) {
    String known = context.definition().text();
    String kept = journal.definitions().keep(run, known);
    if (!kept.equals(known)) {
      context.define(parse(run, kept));
    }
  }

  private static void claimed(RunContext context, Run run) {
    context.claimed(run);
    MDC.put("run", run.id());
    run.outcome()
        .ifPresent(
            outcome ->
                LOG.info("Run {} was decided {} before; only its end is left", run.id(), outcome));
  }

  /**
   * Two orchestrators that fire for the same date run it once, whatever came of it; a run that was
   * only interrupted, as by the end of the other one, still has to be made.
   */
  private boolean wasEndedElsewhere(RunContext context, LocalDate date) {
    String pipeline = context.session().pipeline();
    Optional<Run> awaited = context.awaitedRun().flatMap(journal.runs()::find);
    boolean ended =
        awaited
            .filter(run -> run.pipeline().equals(pipeline) && run.logicalDate().equals(date))
            .filter(run -> !run.state().isOpen() && run.state() != RunState.INTERRUPTED)
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

  /** What was open when its take-up began may have been ended by another orchestrator since. */
  private boolean isNothingToTakeUp(RunContext context, LocalDate date) {
    return !context.session().isWaitingForOthers()
        && journal
            .runs()
            .last(context.session().pipeline(), date)
            .filter(run -> run.state().isOpen())
            .isEmpty();
  }

  private void await(RunContext context, LocalDate date, Claim.Held held) {
    String pipeline = context.session().pipeline();
    String holder =
        "run "
            + held.run().id()
            + (held.owner().isEmpty()
                ? ", which is still to be taken up"
                : " of " + held.owner() + ", whose claim lapses at " + held.until());
    if (!context.session().isWaitingForOthers()) {
      LOG.debug("{} of {} is not taken up here: {} has it", pipeline, date, holder);
      context.claimedNothing();
      return;
    }
    Duration now = clock.elapsed();
    Duration since = context.claimSince().orElse(now);
    if (context.claimSince().isEmpty()) {
      context.beginClaimWait(now);
      LOG.warn("{} of {} waits for {}", pipeline, date, holder);
      journal.events().tell(held.run().id(), RunEvent.Kind.RUN_AWAITED, pipeline + "/" + date);
    }
    if (now.minus(since).compareTo(timeout) > 0) {
      FatalException late =
          new FatalException(
              "%s of %s was not begun within %s, since cluster %s is held by %s (caravan.claim.timeout)."
                  .formatted(
                      pipeline,
                      date,
                      Durations.text(timeout),
                      context.session().cluster().id(),
                      holder));
      if (context.session().latestRun().isEmpty()) {
        // The cluster is another's: the dates that follow would wait for it just as long.
        context.session().lose(late);
      }
      throw late;
    }
    context.awaitClaim(held.run().id());
    context.session().pauseFor(LOOK);
  }
}
