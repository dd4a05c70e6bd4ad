package dev.caravan.processors;

import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The second stopper: each cluster that the journal says we started, and that no open run needs, is
 * asked to stop, until the cloud says STOPPED. One look and at most one request per cluster and
 * call; the timer of the route is what tries again. While it is at a cluster no run begins there.
 */
public final class StopForgottenClusters extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(StopForgottenClusters.class);

  /** Within this a start has shown in the cluster's status. */
  private static final Duration LAG = Duration.ofSeconds(60);

  private final Journal journal;
  private final Clusters clusters;
  private final ForeignWork foreignWork;
  private final String pipeline;
  private final String clusterId;
  private final ElapsedClock clock;

  /** By session: when it was opened, as it was found at the first look. */
  private final Map<Long, Duration> openedAt = new ConcurrentHashMap<>();

  public StopForgottenClusters(
      Journal journal,
      Clusters clusters,
      ForeignWork foreignWork,
      String pipeline,
      String clusterId,
      ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.foreignWork = foreignWork;
    this.pipeline = pipeline;
    this.clusterId = clusterId;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Map<String, ClusterSession> latest = new LinkedHashMap<>();
    journal
        .forgottenSessions(pipeline, clusterId)
        .forEach(session -> latest.put(session.clusterId(), session));
    for (ClusterSession session : latest.values()) {
      // Whose lines these are; the step itself has no run, and takes this away at its end.
      MDC.put("run", session.runId());
      settle(session);
    }
  }

  private void settle(ClusterSession session) {
    if (!journal.claimStop(session)) {
      LOG.debug("Cluster {} is needed by a run", session.clusterId());
      return;
    }
    try {
      journal.run(session.runId()).ifPresent(run -> settle(session, run));
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} of run {} could not be stopped yet, will try again: {}",
          session.clusterId(),
          session.runId(),
          e.getMessage());
    } catch (FatalException e) {
      LOG.error(
          "ALARM: cluster {}, started by run {}, may still be running and costing money, will try again: {}",
          session.clusterId(),
          session.runId(),
          e.getMessage());
    } finally {
      journal.dropStopClaim(session);
    }
  }

  private void settle(ClusterSession session, Run run) {
    ClusterStatus status = clusters.look(session.clusterId()).status();
    journal.clusterStatus(run, status.name());
    switch (status) {
      case STOPPED -> {
        if (!mayStillComeUp(session)) {
          journal.stopped(session.clusterId());
          LOG.info("Cluster {} of run {} is STOPPED", session.clusterId(), run.id());
        }
      }
      case STOPPING -> LOG.debug("Cluster {} is STOPPING", session.clusterId());
      case RUNNING, ERROR, UNKNOWN -> stopUnlessOthersWork(session, run);
      case STARTING, CREATING -> stop(session, run);
    }
  }

  /** Asked to start just now, its process dead, the status still behind. */
  private boolean mayStillComeUp(ClusterSession session) {
    // The date counts once, for what began in another process.
    Duration since =
        openedAt.computeIfAbsent(session.id(), id -> clock.elapsedAt(session.openedAt()));
    boolean mayStill =
        session.runningSince().isEmpty() && clock.elapsed().minus(since).compareTo(LAG) < 0;
    if (!mayStill) {
      openedAt.remove(session.id());
    }
    return mayStill;
  }

  private void stopUnlessOthersWork(ClusterSession session, Run run) {
    Optional<String> others = foreignWork.find(session.clusterId(), Optional.empty(), false);
    if (others.isPresent()) {
      LOG.warn(
          "ALARM: cluster {}, started by run {}, is left running, since {}",
          session.clusterId(),
          run.id(),
          others.get());
      journal.leftRunning(run, others.get());
      return;
    }
    stop(session, run);
  }

  private void stop(ClusterSession session, Run run) {
    LOG.warn(
        "Cluster {} was started by run {}, which has ended: stopping it now",
        session.clusterId(),
        run.id());
    journal.stopAsked(run);
    clusters.stop(session.clusterId());
  }
}
