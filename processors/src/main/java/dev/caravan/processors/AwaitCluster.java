package dev.caravan.processors;

import dev.caravan.processors.batches.BatchClient;
import dev.caravan.processors.batches.Health;
import dev.caravan.processors.cloud.Cluster;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.cloud.Operation;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.processors.journal.RunEvent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the cluster: ready is one that is RUNNING and ALIVE and whose endpoint says that it
 * is ready. ERROR, and a start that the cloud reports as failed, end the wait at once with the
 * cloud's own words; a deadline ends it in any case.
 */
public final class AwaitCluster extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitCluster.class);

  private final Journal journal;
  private final Clusters clusters;
  private final BatchClient batches;
  private final ClusterConfig config;
  private final EndpointConfig endpointConfig;
  private final Clock clock;

  public AwaitCluster(
      Journal journal,
      Clusters clusters,
      BatchClient batches,
      ClusterConfig config,
      EndpointConfig endpointConfig,
      Clock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.batches = batches;
    this.config = config;
    this.endpointConfig = endpointConfig;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Run run = Scope.run(exchange);
    Instant now = clock.instant();
    Instant since = Scope.since(exchange, "cluster", now);
    exchange.setProperty(Scope.CLUSTER_READY, false);
    Scope.pause(exchange, config.poll());
    String seen;
    try {
      Cluster cluster = clusters.look(config.id());
      journal.clusterStatus(run, cluster.status().name());
      // Not before startCluster has seen whose the cluster is: without that nobody would stop it.
      if (cluster.isReady() && Scope.isStartSettled(exchange)) {
        awaitEndpoint(exchange, run, now);
        return;
      }
      failIfBroken(run, cluster);
      seen = "its status is " + cluster.status() + ", its health " + cluster.health();
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be looked at, will try again: {}", config.id(), e.getMessage());
      seen = "it could not be looked at: " + e.getMessage();
    }
    if (Duration.between(since, now).compareTo(config.startTimeout()) > 0) {
      throw new FatalException(
          "Cluster %s was not ready within %s: %s (caravan.cluster.start-timeout)."
              .formatted(config.id(), Durations.text(config.startTimeout()), seen));
    }
  }

  private void failIfBroken(Run run, Cluster cluster) {
    if (cluster.status() == ClusterStatus.ERROR) {
      throw new FatalException(
          "Cluster "
              + config.id()
              + " is in status ERROR: look at it in the Yandex Cloud console.");
    }
    journal.session(run).ifPresent(session -> checkStart(session, cluster));
  }

  private void checkStart(ClusterSession session, Cluster cluster) {
    if (!session.ours() || session.operationId().isEmpty()) {
      return;
    }
    Operation operation = clusters.operation(session.operationId().get());
    if (operation.error().isPresent()) {
      throw new FatalException(
          "Cluster " + config.id() + " did not start: the cloud says " + operation.error().get());
    }
    boolean goingDown =
        cluster.status() == ClusterStatus.STOPPED || cluster.status() == ClusterStatus.STOPPING;
    if (operation.done() && goingDown) {
      throw new FatalException(
          "Cluster "
              + config.id()
              + " was started by this run but is "
              + cluster.status()
              + ": somebody stopped it.");
    }
  }

  private void awaitEndpoint(Exchange exchange, Run run, Instant now) {
    Instant since = Scope.since(exchange, "endpoint", now);
    Optional<String> host = endpointConfig.host().or(() -> clusters.masterHost(config.id()));
    if (host.isEmpty()) {
      failIfLate(since, now, "the cloud names no master host");
      return;
    }
    URI endpoint = endpointConfig.at(host.get());
    Health health = batches.health(endpoint);
    if (!health.ready()) {
      failIfLate(since, now, health.reason().orElse("it gave no reason"));
      return;
    }
    Scope.endpoint(exchange, endpoint);
    journal.event(run.id(), RunEvent.Kind.ENDPOINT_READY, endpoint.toString(), "");
    exchange.setProperty(Scope.CLUSTER_READY, true);
    Scope.pause(exchange, Duration.ZERO);
  }

  private void failIfLate(Instant since, Instant now, String reason) {
    if (Duration.between(since, now).compareTo(endpointConfig.readyTimeout()) > 0) {
      throw new FatalException(
          "The endpoint of cluster %s was not ready within %s of the cluster: %s (caravan.endpoint.ready-timeout)."
              .formatted(config.id(), Durations.text(endpointConfig.readyTimeout()), reason));
    }
  }
}
