package dev.caravan.processors;

import dev.caravan.processors.cloud.Cluster;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
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

  private final Journal journal;
  private final Clusters clusters;
  private final ClusterConfig config;
  private final Clock clock;

  public StopCluster(Journal journal, Clusters clusters, ClusterConfig config, Clock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.config = config;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Optional<Run> run = Scope.findRun(exchange);
    Optional<ClusterSession> session = run.flatMap(journal::session);
    exchange.setProperty(Scope.CLUSTER_STOPPED, true);
    Scope.pause(exchange, Duration.ZERO);
    if (session.isEmpty()) {
      return;
    }
    if (!session.get().ours()) {
      leaveRunning(run.get());
      return;
    }
    if (!isStopped(exchange, run.get())) {
      exchange.setProperty(Scope.CLUSTER_STOPPED, false);
      Scope.pause(exchange, config.poll());
    }
  }

  private void leaveRunning(Run run) {
    LOG.warn(
        "Cluster {} was not started by run {} and is left running: it costs money until somebody stops it",
        config.id(),
        run.id());
    journal.event(
        run.id(),
        RunEvent.Kind.CLUSTER_LEFT_RUNNING,
        config.id(),
        "it was running before this run");
  }

  private boolean isStopped(Exchange exchange, Run run) {
    Instant now = clock.instant();
    Instant since = Scope.since(exchange, "stop", now);
    journal.stopAsked(run);
    ClusterStatus status = ClusterStatus.UNKNOWN;
    try {
      Cluster cluster = clusters.look(config.id());
      status = cluster.status();
      journal.clusterStatus(run, status.name());
      switch (status) {
        case STOPPED -> {
          journal.stopped(run);
          return true;
        }
        case STOPPING -> LOG.debug("Cluster {} is STOPPING", config.id());
        case RUNNING, ERROR, STARTING, CREATING, UNKNOWN -> {
          clusters.stop(config.id());
          status = ClusterStatus.STOPPING;
        }
      }
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be stopped yet, will try again: {}", config.id(), e.getMessage());
    }
    if (exchange.getContext().isStopping() && status == ClusterStatus.STOPPING) {
      LOG.warn(
          "Caravan is being shut down: the stop of cluster {} is under way, its end was not awaited",
          config.id());
      return true;
    }
    if (Duration.between(since, now).compareTo(config.stopTimeout()) > 0) {
      throw new FatalException(
          "Cluster %s was not stopped within %s, its status is %s (caravan.cluster.stop-timeout): stop it in the Yandex Cloud console."
              .formatted(config.id(), Durations.text(config.stopTimeout()), status));
    }
    return false;
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
