package dev.caravan.routes;

import dev.caravan.processors.cloud.Cluster;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.journal.Journal;
import java.time.Duration;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop call of a shutdown in plain Java, for a route that hangs: Camel's forced shutdown skips
 * onCompletion. Begins with the shutdown, leaves the route a grace time to stop the cluster in good
 * order, and asks for the stop itself if by then it hasn't.
 */
final class LastResort extends MainListenerSupport {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private final Journal journal;
  private final Clusters clusters;
  private final String clusterId;
  private final Duration grace;

  LastResort(Journal journal, Clusters clusters, String clusterId, Duration grace) {
    this.journal = journal;
    this.clusters = clusters;
    this.clusterId = clusterId;
    this.grace = grace;
  }

  @Override
  public void beforeStop(BaseMainSupport main) {
    Thread thread = new Thread(this::stopIfOwed, "last-resort");
    thread.setDaemon(true);
    thread.start();
  }

  private void stopIfOwed() {
    try {
      Thread.sleep(grace.toMillis());
      if (!journal.owesStop(clusterId)) {
        return;
      }
      Cluster cluster = clusters.look(clusterId);
      if (cluster.status() != ClusterStatus.STOPPING && cluster.status() != ClusterStatus.STOPPED) {
        LOG.warn(
            "The pipeline did not stop cluster {} within {} of the shutdown: stopping it now",
            clusterId,
            grace);
        clusters.stop(clusterId);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error(
          "ALARM: cluster {} may still be running and costing money: {}",
          clusterId,
          e.getMessage());
    }
  }
}
