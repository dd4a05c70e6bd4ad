package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop call of a shutdown in plain Java, for a route that hangs: Camel's forced shutdown skips
 * onCompletion. Begun with the shutdown, it leaves the route a grace time to stop the cluster in
 * good order, and asks for the stop itself if by then it hasn't, unless others work on the cluster.
 * Not a MainListener: Camel 4.18.0 calls beforeStop only in {@code Main.run}, not in {@code
 * Main.stop}.
 */
final class LastResort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** An endpoint that hangs must not use up the time that the stop has. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Journal journal;
  private final Clusters clusters;
  private final String clusterId;
  private final Supplier<Optional<String>> foreignWork;
  private final Duration grace;
  private final Thread thread = new Thread(this::stopWhileOwed, "last-resort");

  private LastResort(
      Journal journal,
      Clusters clusters,
      String clusterId,
      Supplier<Optional<String>> foreignWork,
      Duration grace) {
    this.journal = journal;
    this.clusters = clusters;
    this.clusterId = clusterId;
    this.foreignWork = foreignWork;
    this.grace = grace;
  }

  /**
   * Begins the grace time; close it when the routes have come to their end.
   *
   * @param foreignWork what others run on the cluster, in words
   */
  static LastResort begin(
      Journal journal,
      Clusters clusters,
      String clusterId,
      Supplier<Optional<String>> foreignWork,
      Duration grace) {
    LastResort lastResort = new LastResort(journal, clusters, clusterId, foreignWork, grace);
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

  /** Whether it has nothing left to do. */
  boolean isOver() {
    return !thread.isAlive();
  }

  private boolean isSettled() throws InterruptedException {
    // A cluster that another orchestrator's run needs is none of ours.
    if (!journal.isHolding() || !journal.owesStop(clusterId)) {
      return true;
    }
    try {
      ClusterStatus status = clusters.look(clusterId).status();
      if (status == ClusterStatus.STOPPING || status == ClusterStatus.STOPPED) {
        return true;
      }
      Optional<String> others = othersWork(status);
      if (others.isPresent()) {
        LOG.warn("ALARM: cluster {} is left running, since {}", clusterId, others.get());
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

  private Optional<String> othersWork(ClusterStatus status) throws InterruptedException {
    if (status == ClusterStatus.STARTING || status == ClusterStatus.CREATING) {
      return Optional.empty();
    }
    FutureTask<Optional<String>> asking = new FutureTask<>(foreignWork::get);
    Thread asker = new Thread(asking, "last-resort-look");
    asker.setDaemon(true);
    asker.start();
    try {
      return asking.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Whether others work on cluster {} could not be learnt in time", clusterId);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
