package dev.caravan.processors.steps;

import dev.caravan.processors.SessionStart;
import dev.caravan.processors.StopRule;
import dev.caravan.processors.journal.AlarmKind;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

  private final Journal journal;
  private final Clusters clusters;
  private final ConfiguredClusters configured;
  private final Supplier<List<String>> pipelines;
  private final SessionStart start;

  /** By session: when what it is waited for began, as it was found at the first look. */
  private final Map<Long, Map<SessionStart.Wait, Duration>> waits = new ConcurrentHashMap<>();

  /**
   * @param pipelines the names of the pipelines that there are now
   */
  public StopForgottenClusters(
      Journal journal,
      Clusters clusters,
      ConfiguredClusters configured,
      Supplier<List<String>> pipelines,
      ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.configured = configured;
    this.pipelines = pipelines;
    this.start = new SessionStart(clusters, clock);
  }

  @Override
  protected void perform(Exchange exchange) {
    Map<String, ClusterSession> latest = new LinkedHashMap<>();
    journal
        .sessions()
        .forgotten(pipelines.get(), configured.ids())
        .forEach(session -> latest.put(session.clusterId(), session));
    for (ClusterSession session : latest.values()) {
      journal.runs().lastOf(session).ifPresent(run -> claimAndSettle(session, run));
    }
  }

  private void claimAndSettle(ClusterSession session, Run run) {
    // Whose lines these are; the step itself has no run, and takes this away at its end.
    MDC.put("run", run.id());
    if (!journal.claims().claimStop(session, run)) {
      LOG.debug("Cluster {} is needed by a run", session.clusterId());
      return;
    }
    try {
      settle(session, run);
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} of run {} could not be stopped yet, will try again: {}",
          session.clusterId(),
          run.id(),
          e.getMessage());
    } catch (FatalException e) {
      journal
          .alarms()
          .raise(
              AlarmKind.STOP_REFUSED, session.clusterId(), Optional.of(run.id()), e.getMessage());
    } finally {
      journal.claims().endSession(session.clusterId());
    }
  }

  private void settle(ClusterSession session, Run run) {
    ClusterStatus status = clusters.look(session.clusterId()).status();
    journal.statuses().seen(run, status.name());
    StopRule.Verdict verdict =
        StopRule.decide(
            new StopRule.Look(
                status,
                false,
                () -> start.of(session, waits(session)),
                () -> configured.foreignWork(session.clusterId(), Optional.empty(), false)));
    switch (verdict.action()) {
      case SETTLE -> {
        waits.remove(session.id());
        journal.sessions().stopped(session.clusterId());
        LOG.info("Cluster {} of run {} is STOPPED", session.clusterId(), run.id());
      }
      case WAIT -> LOG.debug("Cluster {} is {}", session.clusterId(), status);
      case LEAVE -> journal.sessions().leftRunning(run, verdict.why());
      case STOP -> stop(session, run);
    }
  }

  private SessionStart.Waits waits(ClusterSession session) {
    Map<SessionStart.Wait, Duration> begun =
        waits.computeIfAbsent(session.id(), id -> new ConcurrentHashMap<>());
    return (wait, begin) -> begun.computeIfAbsent(wait, first -> begin);
  }

  private void stop(ClusterSession session, Run run) {
    LOG.warn(
        "Cluster {} was started by run {}, which has ended: stopping it now",
        session.clusterId(),
        run.id());
    journal.sessions().stopAsked(run);
    clusters.stop(session.clusterId());
  }
}
