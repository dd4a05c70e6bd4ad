package dev.caravan.processors;

import dev.caravan.processors.cloud.Cluster;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.cloud.Operation;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the cluster is asked to start, once: a stopped one is started, one that is still
 * stopping is left for the next call, one that runs already isn't ours to stop, unless an earlier
 * run of ours left it running.
 */
public final class StartCluster extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(StartCluster.class);

  private final Journal journal;
  private final Clusters clusters;
  private final String clusterId;
  private final boolean stopAlways;

  public StartCluster(Journal journal, Clusters clusters, ClusterConfig config) {
    this.journal = journal;
    this.clusters = clusters;
    this.clusterId = config.id();
    this.stopAlways = config.stopPolicy() == ClusterConfig.StopPolicy.ALWAYS;
  }

  @Override
  protected void perform(Exchange exchange) {
    Run run = Scope.run(exchange);
    Optional<ClusterSession> session = journal.session(run);
    if (session.filter(known -> !known.ours() || known.operationId().isPresent()).isPresent()
        && session.get().stopAskedAt().isEmpty()) {
      return;
    }
    try {
      startIfStopped(run);
    } catch (RetryableException e) {
      // The deadline of the wait, not a count of tries, bounds this: the route looks again.
      LOG.warn("Cluster {} could not be asked to start yet: {}", clusterId, e.getMessage());
    }
  }

  private void startIfStopped(Run run) {
    Cluster cluster = clusters.look(clusterId);
    journal.clusterStatus(run, cluster.status().name());
    switch (cluster.status()) {
      case STOPPED -> {
        journal.openSession(run, clusterId, true);
        Operation operation = clusters.start(clusterId);
        journal.startAccepted(run, operation.id());
      }
      case RUNNING, STARTING, CREATING -> {
        boolean ours = stopAlways || journal.owesStop(clusterId);
        if (!journal.openSession(run, clusterId, ours).ours()) {
          LOG.warn(
              "Cluster {} was {} before run {} began: it is not ours to stop and will be left running (caravan.cluster.stop-policy=always stops it)",
              clusterId,
              cluster.status(),
              run.id());
        }
      }
      case ERROR ->
          throw new FatalException(
              "Cluster "
                  + clusterId
                  + " is in status ERROR and can't be started: look at it in the Yandex Cloud console.");
      case STOPPING, UNKNOWN ->
          LOG.info(
              "Cluster {} is {}: waiting before it can be started", clusterId, cluster.status());
    }
  }
}
