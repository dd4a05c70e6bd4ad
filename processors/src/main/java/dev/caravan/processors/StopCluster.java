package dev.caravan.processors;

import dev.caravan.processors.cloud.Cluster;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.cloud.Operation;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunStep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

  /** Within this a start has shown in the cluster's status. */
  private static final Duration LAG = Duration.ofSeconds(60);

  /**
   * Less than what Camel grants a shutdown, so that the alarm and the end of the run still have
   * their turn.
   */
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(15);

  private final Journal journal;
  private final Clusters clusters;
  private final OtherWork otherWork;
  private final ClusterConfig config;
  private final Clock clock;

  public StopCluster(
      Journal journal, Clusters clusters, OtherWork otherWork, ClusterConfig config, Clock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.otherWork = otherWork;
    this.config = config;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    exchange.setProperty(Scope.CLUSTER_STOPPED, false);
    Scope.pause(exchange, config.fastPoll());
    if (isDone(exchange)) {
      exchange.setProperty(Scope.CLUSTER_STOPPED, true);
      Scope.pause(exchange, Duration.ZERO);
    }
  }

  private boolean isDone(Exchange exchange) {
    Optional<Run> run = Scope.findRun(exchange);
    if (run.isEmpty() || Scope.isLeftAlone(exchange)) {
      return true;
    }
    Optional<Boolean> ours = ours(exchange, run.get());
    if (ours.isEmpty()) {
      return true;
    }
    if (!ours.get()) {
      leaveRunning(run.get(), "it was running before this run");
      return true;
    }
    return isStopped(exchange, run.get());
  }

  /**
   * Whether the cluster is ours; empty if the run didn't use it, or is done with it. A journal that
   * can't be read must not keep a cluster running.
   */
  private Optional<Boolean> ours(Exchange exchange, Run run) {
    try {
      return journal.session(run).filter(session -> !session.isOver()).map(ClusterSession::ours);
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read, the stop goes on without it: {}", e.getMessage());
      return Scope.isOurs(exchange);
    }
  }

  /** Often near the moment at which the stop usually ends, and while it is not yet taken. */
  private void pace(Exchange exchange, Duration waited) {
    if (!Scope.isStopAccepted(exchange)) {
      return;
    }
    try {
      Scope.pause(exchange, config.pace().next(waited, journal.usualStop(config.id())));
    } catch (RuntimeException e) {
      Scope.pause(exchange, config.pace().next(waited, Optional.empty()));
    }
  }

  private static void note(Runnable entry) {
    try {
      entry.run();
    } catch (RuntimeException e) {
      LOG.error("The journal can't be written, the stop goes on without it: {}", e.getMessage());
    }
  }

  private void leaveRunning(Run run, String why) {
    LOG.warn(
        "ALARM: cluster {} is left running by run {}, since {}: it costs money until somebody stops it (caravan.cluster.stop-policy=always stops it)",
        config.id(),
        run.id(),
        why);
    journal.leftRunning(run, why);
  }

  private boolean isStopped(Exchange exchange, Run run) {
    Instant now = clock.instant();
    boolean first = Scope.isFirst(exchange, "stop");
    Instant since = Scope.since(exchange, "stop", now);
    if (first) {
      Optional<String> others = otherWork.find(Scope.findEndpoint(exchange));
      if (others.isPresent()) {
        leaveRunning(run, others.get());
        return true;
      }
      note(() -> Scope.step(exchange, journal, RunStep.STOP_CLUSTER, ""));
    }
    note(() -> journal.stopAsked(run));
    pace(exchange, Duration.between(since, now));
    ClusterStatus status = ClusterStatus.UNKNOWN;
    try {
      Cluster cluster = clusters.look(config.id());
      status = cluster.status();
      String seen = status.name();
      note(() -> journal.clusterStatus(run, seen));
      switch (status) {
        case STOPPED -> {
          if (!mayStillComeUp(exchange, run, now)) {
            note(() -> journal.stopped(run));
            return true;
          }
          LOG.info("Cluster {} is STOPPED, but its start may be under way", config.id());
        }
        case STOPPING -> LOG.debug("Cluster {} is STOPPING", config.id());
        case RUNNING, ERROR, STARTING, CREATING, UNKNOWN -> {
          clusters.stop(config.id());
          Scope.stopAccepted(exchange);
          status = ClusterStatus.STOPPING;
        }
      }
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be stopped yet, will try again: {}", config.id(), e.getMessage());
    } catch (FatalException e) {
      // Said at once, since it may need a person; tried again all the same, since nothing else
      // stops this cluster.
      LOG.error(
          "ALARM: cluster {} may still be running and costing money, will try again: {}",
          config.id(),
          e.getMessage());
    }
    if (exchange.getContext().isStopping() && status == ClusterStatus.STOPPING) {
      LOG.warn(
          "Caravan is being shut down: the stop of cluster {} is under way, its end was not awaited",
          config.id());
      return true;
    }
    Duration patience =
        exchange.getContext().isStopping() ? SHUTDOWN_PATIENCE : config.stopTimeout();
    if (Duration.between(since, now).compareTo(patience) > 0) {
      throw new FatalException(
          "Cluster %s was not stopped within %s, its status is %s (caravan.cluster.stop-timeout): stop it in the Yandex Cloud console."
              .formatted(config.id(), Durations.text(patience), status));
    }
    return false;
  }

  /**
   * The status lags behind a start: one that is under way, is just done, or whose answer was lost,
   * brings the cluster up after a look said STOPPED. A cluster that was seen running since, or that
   * took our stop, is believed.
   */
  private boolean mayStillComeUp(Exchange exchange, Run run, Instant now) {
    if (Scope.isStopAccepted(exchange)) {
      return false;
    }
    return sessionOf(run)
        .filter(ClusterSession::ours)
        .filter(session -> session.runningSince().isEmpty())
        .map(session -> mayStillComeUp(exchange, session, now))
        .orElse(false);
  }

  private boolean mayStillComeUp(Exchange exchange, ClusterSession session, Instant now) {
    Optional<Operation> start = session.operationId().map(clusters::operation);
    if (start.flatMap(Operation::error).isPresent()) {
      return false;
    }
    Instant since = start.isPresent() ? Scope.since(exchange, "lagging", now) : session.openedAt();
    return start.filter(operation -> !operation.done()).isPresent()
        || now.isBefore(since.plus(LAG));
  }

  private Optional<ClusterSession> sessionOf(Run run) {
    try {
      return journal.session(run);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
