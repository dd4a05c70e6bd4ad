package dev.caravan.routes;

import dev.caravan.processors.Durations;
import dev.caravan.processors.RetryableException;
import dev.caravan.processors.cloud.ClusterStatus;
import dev.caravan.processors.cloud.Clusters;
import dev.caravan.processors.journal.Journal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop call of a shutdown in plain Java, for a route that hangs: Camel's forced shutdown skips
 * onCompletion. Begun with the shutdown, it leaves the route a grace time to stop the cluster in
 * good order, and asks for the stop itself if by then it hasn't. Not a MainListener: Camel 4.18.0
 * calls beforeStop only in {@code Main.run}, not in {@code Main.stop}.
 */
final class LastResort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Journal journal;
  private final Clusters clusters;
  private final String clusterId;
  private final Duration grace;
  private final Thread thread = new Thread(this::stopWhileOwed, "last-resort");

  private LastResort(Journal journal, Clusters clusters, String clusterId, Duration grace) {
    this.journal = journal;
    this.clusters = clusters;
    this.clusterId = clusterId;
    this.grace = grace;
  }

  /** Begins the grace time; close it when the routes have come to their end. */
  static LastResort begin(Journal journal, Clusters clusters, String clusterId, Duration grace) {
    LastResort lastResort = new LastResort(journal, clusters, clusterId, grace);
    lastResort.thread.setDaemon(true);
    lastResort.thread.start();
    return lastResort;
  }

  private void stopWhileOwed() {
    try {
      Thread.sleep(grace.toMillis());
      while (!isSettled()) {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
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

  private boolean isSettled() {
    // A cluster that another orchestrator's run needs is none of ours.
    if (!journal.isHolding() || !journal.owesStop(clusterId)) {
      return true;
    }
    try {
      ClusterStatus status = clusters.look(clusterId).status();
      if (status == ClusterStatus.STOPPING || status == ClusterStatus.STOPPED) {
        return true;
      }
      LOG.warn(
          "The pipeline did not stop cluster {} within {} of the shutdown: stopping it now",
          clusterId,
          Durations.text(grace));
      clusters.stop(clusterId);
      return true;
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be stopped yet, will try again: {}", clusterId, e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
