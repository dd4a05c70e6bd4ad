package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.SessionStart;
import dev.caravan.processors.StopRule;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.steps.SessionContext.Wait;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step towards a stopped cluster: looks, asks for the stop where it is owed and not under way,
 * and says in {@code clusterStopped} whether nothing is left to do. A refusal is looked at again;
 * the deadline ends it with an alarm. While the process is shutting down it is enough that the stop
 * is under way.
 */
public final class StopCluster extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(StopCluster.class);

  /**
   * Less than what Camel grants a shutdown, so that the alarm and the end of the run still have
   * their turn.
   */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(15);

  private final Journal journal;
  private final Clusters clusters;
  private final ElapsedClock clock;
  private final SessionStart start;

  public StopCluster(Journal journal, Clusters clusters, ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.clock = clock;
    this.start = new SessionStart(clusters, clock);
  }

  @Override
  protected void perform(Exchange exchange) {
    SessionContext session = RunContext.of(exchange).session();
    if (session.findCluster().isEmpty()) {
      session.markStopped();
      return;
    }
    session.markNotStopped();
    session.pauseFor(session.cluster().config().fastPoll());
    if (isDone(session, exchange.getContext().isStopping())) {
      session.markStopped();
      session.pauseFor(Duration.ZERO);
    }
  }

  private boolean isDone(SessionContext session, boolean stopping) {
    ClusterConfig config = session.cluster().config();
    Optional<Run> run = session.latestRun();
    if (run.isEmpty() || session.isLeftAlone()) {
      return true;
    }
    if (session.traceId().isEmpty()) {
      session.nameTrace(journal.traces().idOf(run.get()));
    }
    if (!session.waits().isBegun(Wait.STOP) && !journal.claims().isSessionHeld(config.id())) {
      LOG.error(
          "The session of cluster {} isn't this process's any more: the cluster is left alone",
          config.id());
      session.leaveAlone();
      return true;
    }
    Optional<Boolean> ours = ours(session, run.get());
    if (ours.isEmpty()) {
      return true;
    }
    if (!ours.get()) {
      return isLeft(session, run.get(), stopping);
    }
    return isStopped(session, run.get(), stopping);
  }

  /**
   * Whether the cluster is ours; empty if the run didn't use it, or is done with it. A journal that
   * can't be read must not keep a cluster running.
   */
  private Optional<Boolean> ours(SessionContext session, Run run) {
    try {
      return journal
          .sessions()
          .of(run)
          .filter(recorded -> !recorded.isOver())
          .map(ClusterSession::ours);
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read, the stop goes on without it: {}", e.getMessage());
      return session.isOurs();
    }
  }

  /** Often near the moment at which the stop usually ends, and while it is not yet taken. */
  private void pace(SessionContext session, Duration waited) {
    ClusterConfig config = session.cluster().config();
    if (!session.isStopAccepted()) {
      return;
    }
    try {
      session.pauseFor(config.pace().next(waited, journal.statuses().usualStop(config.id())));
    } catch (RuntimeException e) {
      session.pauseFor(config.pace().next(waited, Optional.empty()));
    }
  }

  private static void note(Runnable entry) {
    try {
      entry.run();
    } catch (RuntimeException e) {
      LOG.error("The journal can't be written, the stop goes on without it: {}", e.getMessage());
    }
  }

  /**
   * Whether a cluster that isn't ours may be left as it is. One that somebody else is stopping is
   * watched to its end, so that what is said of it is true; nobody raises an alarm for it.
   */
  private boolean isLeft(SessionContext session, Run run, boolean stopping) {
    ClusterConfig config = session.cluster().config();
    Duration now = clock.elapsed();
    Duration since = session.waits().since(Wait.STOP, now);
    boolean late = now.minus(since).compareTo(config.stopTimeout()) > 0;
    ClusterStatus status = ClusterStatus.UNKNOWN;
    try {
      status = clusters.look(config.id()).status();
    } catch (RetryableException | FatalException e) {
      LOG.warn("Cluster {} could not be looked at: {}", config.id(), e.getMessage());
    }
    String seen = status.name();
    note(() -> journal.statuses().seen(run, seen));
    if (status == ClusterStatus.STOPPED) {
      note(() -> journal.sessions().stopped(run));
      return true;
    }
    if (status == ClusterStatus.STOPPING && !late && !stopping) {
      return false;
    }
    journal.sessions().leftRunning(run, "it was running before this run");
    return true;
  }

  private boolean isStopped(SessionContext session, Run run, boolean stopping) {
    ClusterConfig config = session.cluster().config();
    Duration now = clock.elapsed();
    boolean first = !session.waits().isBegun(Wait.STOP);
    Duration since = session.waits().since(Wait.STOP, now);
    if (first) {
      note(() -> journal.sessions().stopping(run));
    }
    pace(session, now.minus(since));
    ClusterStatus status = ClusterStatus.UNKNOWN;
    try {
      status = clusters.look(config.id()).status();
      String seen = status.name();
      note(() -> journal.statuses().seen(run, seen));
      StopRule.Verdict verdict = StopRule.decide(look(session, run, status, stopping));
      if (verdict.action() == StopRule.Action.LEAVE) {
        journal.sessions().leftRunning(run, verdict.why());
        return true;
      }
      note(() -> journal.sessions().stopAsked(run));
      switch (verdict.action()) {
        case SETTLE -> {
          note(() -> journal.sessions().stopped(run));
          return true;
        }
        case STOP -> {
          clusters.stop(config.id());
          session.acceptStop();
          status = ClusterStatus.STOPPING;
        }
        case WAIT, LEAVE -> LOG.debug("Cluster {} is {}", config.id(), status);
      }
    } catch (RetryableException e) {
      note(() -> journal.sessions().stopAsked(run));
      LOG.warn(
          "Cluster {} could not be stopped yet, will try again: {}", config.id(), e.getMessage());
    } catch (FatalException e) {
      note(() -> journal.sessions().stopAsked(run));
      // Said at once, since it may need a person; tried again all the same, since nothing else
      // stops this cluster.
      journal
          .alarms()
          .raise(AlarmKind.STOP_REFUSED, config.id(), Optional.of(run.id()), e.getMessage());
    }
    if (stopping && status == ClusterStatus.STOPPING) {
      LOG.warn(
          "Caravan is being shut down: the stop of cluster {} is under way, its end was not awaited",
          config.id());
      return true;
    }
    Duration patience = stopping ? SHUTDOWN_PATIENCE : config.stopTimeout();
    if (now.minus(since).compareTo(patience) > 0) {
      throw new FatalException(
          "Cluster %s was not stopped within %s, its status is %s (caravan.cluster.%s.stop-timeout): stop it in the Yandex Cloud console."
              .formatted(config.id(), Durations.text(patience), status, session.cluster().name()));
    }
    return false;
  }

  private StopRule.Look look(
      SessionContext session, Run run, ClusterStatus status, boolean stopping) {
    return new StopRule.Look(
        status,
        session.isStopAccepted(),
        () ->
            sessionOf(run)
                .map(recorded -> start.of(recorded, (wait, begin) -> since(session, wait, begin)))
                .orElse(new StopRule.Start(StopRule.Phase.SEEN, Duration.ZERO)),
        () ->
            session
                .cluster()
                .foreignWork()
                .find(session.cluster().id(), session.findEndpoint(), stopping));
  }

  private static Duration since(SessionContext session, SessionStart.Wait wait, Duration begin) {
    return switch (wait) {
      case START -> session.waits().since(Wait.START, begin);
      case STATUS -> session.waits().since(Wait.STATUS_BEFORE_STOP, begin);
    };
  }

  private Optional<ClusterSession> sessionOf(Run run) {
    try {
      return journal.sessions().of(run);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
