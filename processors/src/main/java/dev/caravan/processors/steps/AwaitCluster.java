package dev.caravan.processors.steps;

import dev.caravan.processors.ClusterConfig;
import dev.caravan.processors.batches.Health;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import dev.caravan.processors.journal.RunStep;
import dev.caravan.processors.steps.SessionContext.Wait;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.batches.SelfStop;
import dev.caravan.shared.cloud.Cluster;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.cloud.Operation;
import dev.caravan.shared.settings.Durations;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the cluster: ready is one that is RUNNING and ALIVE and whose endpoint says that it
 * is ready. ERROR, and a start that the cloud reports as failed, end the wait at once with the
 * cloud's own words; a deadline ends it in any case. A cluster that was found running and goes down
 * is given back to {@link StartCluster}, once.
 */
public final class AwaitCluster extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitCluster.class);

  /** Within this the end of a start has shown in the cluster's status. */
  private static final Duration LAG = Duration.ofSeconds(60);

  private final Journal journal;
  private final Clusters clusters;
  private final ElapsedClock clock;

  public AwaitCluster(Journal journal, Clusters clusters, ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    RunContext context = RunContext.of(exchange);
    context.endIfCancelled(journal);
    try {
      look(context);
    } catch (FatalException e) {
      context.session().lose(e);
      throw e;
    }
  }

  private void look(RunContext context) {
    SessionContext session = context.session();
    ClusterConfig config = session.cluster().config();
    Run run = context.claimedRun();
    context.enter(journal, RunStep.AWAIT_CLUSTER);
    Duration now = clock.elapsed();
    Duration begun = session.waits().since(Wait.CLUSTER, now);
    Duration since =
        startAsked(run)
            .map(at -> session.waits().since(Wait.START, clock.elapsedAt(at)))
            .orElse(begun);
    session.markNotReady();
    session.pauseFor(
        config.pace().next(now.minus(since), journal.statuses().usualStart(config.id())));
    String seen;
    try {
      Cluster cluster = clusters.look(config.id());
      journal.statuses().seen(run, cluster.status().name());
      // Not before startCluster has seen whose the cluster is: without that nobody would stop it.
      if (cluster.isReady() && session.isStartSettled()) {
        awaitEndpoint(session, run, now);
        return;
      }
      failIfInError(config, cluster);
      if (isGivenBack(session, run, cluster)) {
        return;
      }
      // A cluster that this process couldn't ask to start yet says nothing of an earlier start.
      if (session.isStartSettled()) {
        journal.sessions().of(run).ifPresent(recorded -> checkStart(session, recorded, cluster));
      }
      failIfNeverAlive(session, cluster, now);
      seen = "its status is " + cluster.status() + ", its health " + cluster.health();
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be looked at, will try again: {}", config.id(), e.getMessage());
      seen = "it could not be looked at: " + e.getMessage();
    }
    // A start that was asked for long ago, by a process that died, still gets one wait of its own.
    if (now.minus(begun).compareTo(config.startTimeout()) > 0) {
      throw new FatalException(
          "Cluster %s was not ready within %s: %s (caravan.cluster.%s.start-timeout)."
              .formatted(
                  config.id(),
                  Durations.text(config.startTimeout()),
                  seen,
                  session.cluster().name()));
    }
  }

  private Optional<Instant> startAsked(Run run) {
    return journal
        .sessions()
        .of(run)
        .filter(session -> session.ours() && !session.isOver())
        .map(ClusterSession::openedAt);
  }

  private void failIfNeverAlive(SessionContext session, Cluster cluster, Duration now) {
    ClusterConfig config = session.cluster().config();
    if (cluster.status() != ClusterStatus.RUNNING) {
      return;
    }
    Duration waited = now.minus(session.waits().since(Wait.ALIVE, now));
    session.pauseFor(config.pace().next(waited, Optional.empty()));
    if (waited.compareTo(config.aliveTimeout()) > 0) {
      throw new FatalException(
          "Cluster %s is RUNNING, but its health was %s instead of ALIVE for %s (caravan.cluster.%s.alive-timeout): look at its hosts in the Yandex Cloud console."
              .formatted(
                  config.id(),
                  cluster.health(),
                  Durations.text(config.aliveTimeout()),
                  session.cluster().name()));
    }
  }

  private static void failIfInError(ClusterConfig config, Cluster cluster) {
    if (cluster.status() == ClusterStatus.ERROR) {
      throw new FatalException(
          "Cluster "
              + config.id()
              + " is in status ERROR: look at it in the Yandex Cloud console.");
    }
  }

  private void checkStart(SessionContext session, ClusterSession recorded, Cluster cluster) {
    ClusterConfig config = session.cluster().config();
    if (!recorded.ours() || recorded.operationId().isEmpty()) {
      return;
    }
    Operation operation = clusters.operation(recorded.operationId().get());
    if (operation.error().isPresent()) {
      throw new FatalException(
          "Cluster " + config.id() + " did not start: the cloud says " + operation.error().get());
    }
    if (operation.done() && isGoingDown(cluster) && !mayLag(session, recorded)) {
      throw new FatalException(
          "Cluster "
              + config.id()
              + " was started by this run but is "
              + cluster.status()
              + ": somebody stopped it.");
    }
  }

  private static boolean isGoingDown(Cluster cluster) {
    return cluster.status() == ClusterStatus.STOPPED || cluster.status() == ClusterStatus.STOPPING;
  }

  /**
   * A cluster that came up without this process's start, or that stops itself since its lease has
   * lapsed, and goes down while it is waited for: the start is up to this run. Once only, for two
   * who stop and start against each other would go on for ever. One that this process has started
   * and that somebody stops ends the run.
   */
  private boolean isGivenBack(SessionContext session, Run run, Cluster cluster) {
    ClusterConfig config = session.cluster().config();
    boolean mayBeStarted =
        session.isStartSettled()
            && journal
                .sessions()
                .of(run)
                .filter(recorded -> cameUpByOthers(session, recorded))
                .isPresent();
    if (!mayBeStarted || !isGoingDown(cluster)) {
      return false;
    }
    if (!session.restartOnce()) {
      throw new FatalException(
          "Cluster %s is %s: it was stopped twice while this run waited for it."
              .formatted(config.id(), cluster.status()));
    }
    LOG.warn(
        "Cluster {} is {} though this run needs it: this run starts it again",
        config.id(),
        cluster.status());
    session.pauseFor(config.fastPoll());
    return true;
  }

  private static boolean cameUpByOthers(SessionContext session, ClusterSession recorded) {
    boolean earlierProcess = recorded.runningSince().isPresent() && !session.isStartAsked();
    return recorded.operationId().isEmpty() || earlierProcess || session.isStoppingItself();
  }

  /** The status may be behind its operation, unless it has been seen running since. */
  private boolean mayLag(SessionContext session, ClusterSession recorded) {
    Duration now = clock.elapsed();
    Duration since = session.waits().since(Wait.STATUS_AFTER_START, now);
    return recorded.runningSince().isEmpty() && now.minus(since).compareTo(LAG) < 0;
  }

  private void awaitEndpoint(SessionContext session, Run run, Duration now) {
    ClusterConfig config = session.cluster().config();
    MasterEndpoint master = session.cluster().master();
    Duration since = session.waits().since(Wait.ENDPOINT, now);
    session.pauseFor(config.pace().next(now.minus(since), Optional.empty()));
    Optional<URI> endpoint = master.find();
    if (endpoint.isEmpty()) {
      failIfLate(session, since, now, "the cloud names no master host");
      return;
    }
    Health health = session.cluster().batches().health(endpoint.get());
    if (!health.ready()) {
      hearOfStop(session, health);
      failIfLate(session, since, now, health.reason().orElse("it gave no reason"));
      return;
    }
    session.setStoppingItself(false);
    journal.events().write(run.id(), RunEvent.Kind.ENDPOINT_READY, endpoint.get().toString(), "");
    session.markReady(endpoint.get());
    session.pauseFor(Duration.ZERO);
  }

  /**
   * Told before the cluster's status shows it. The greatest age is a bound on money: it isn't
   * stretched by another start.
   */
  private static void hearOfStop(SessionContext session, Health health) {
    if (health.stopping().equals(Optional.of(SelfStop.MAX_AGE))) {
      throw new FatalException(
          "Cluster %s can't take jobs: %s"
              .formatted(session.cluster().id(), health.reason().orElseThrow()));
    }
    // What a machine that goes down no longer answers doesn't take it back.
    health.stopping().ifPresent(why -> session.setStoppingItself(true));
  }

  private static void failIfLate(
      SessionContext session, Duration since, Duration now, String reason) {
    MasterEndpoint master = session.cluster().master();
    Duration timeout = master.config().readyTimeout();
    if (now.minus(since).compareTo(timeout) > 0) {
      throw new FatalException(
          "The endpoint of cluster %s was not ready within %s of the cluster: %s (caravan.cluster.%s.endpoint.ready-timeout)."
              .formatted(
                  session.cluster().id(),
                  Durations.text(timeout),
                  reason,
                  session.cluster().name()));
    }
  }
}
