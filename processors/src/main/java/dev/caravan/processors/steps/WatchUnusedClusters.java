package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Alarm;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.Journal;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a cluster is up though no session is open there: somebody has started it by hand,
 * and pays for it. One look per cluster at most every {@link #LOOK_EVERY}, and none at a cluster
 * that a session or the stop of one looks at anyway. It stops nothing: the cluster isn't ours.
 *
 * <p>How long a cluster has been up is what this process has seen of it, so that a restart begins
 * anew. Called by one route, which never runs twice at a time.
 */
public final class WatchUnusedClusters extends Step {
  private static final Logger LOG = LoggerFactory.getLogger(WatchUnusedClusters.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final Journal journal;
  private final Clusters clusters;
  private final ConfiguredClusters configured;
  private final ElapsedClock clock;
  private final Map<String, Watched> watched = new HashMap<>();

  /** What this process knows of a cluster. */
  private static final class Watched {
    private Duration nextLook = Duration.ZERO;
    private boolean failing;

    /** Since when it is up, by the elapsed time and by date; null: it isn't known to be. */
    private Duration up;

    private Instant since;
  }

  public WatchUnusedClusters(
      Journal journal, Clusters clusters, ConfiguredClusters configured, ElapsedClock clock) {
    this.journal = journal;
    this.clusters = clusters;
    this.configured = configured;
    this.clock = clock;
  }

  @Override
  protected void perform(Exchange exchange) {
    Set<Alarm.Key> raised =
        journal.alarms().raised().stream().map(Alarm::key).collect(Collectors.toSet());
    for (ConfiguredCluster cluster : configured.all()) {
      cluster.config().unusedAlarm().ifPresent(bound -> watch(cluster.id(), bound, raised));
    }
  }

  private void watch(String id, Duration bound, Set<Alarm.Key> raised) {
    Watched cluster = watched.computeIfAbsent(id, first -> new Watched());
    if (journal.sessions().isUsed(id)) {
      cluster.up = null;
      clear(AlarmKind.RUNNING_UNUSED, id, raised);
      return;
    }
    if (clock.elapsed().compareTo(cluster.nextLook) < 0) {
      return;
    }
    Duration pause = bound.dividedBy(2);
    cluster.nextLook = clock.elapsed().plus(pause.compareTo(LOOK_EVERY) < 0 ? pause : LOOK_EVERY);
    try {
      judge(id, cluster, clusters.look(id).status(), bound, raised);
      cluster.failing = false;
    } catch (RetryableException | FatalException e) {
      // Who pays is told once, and not each minute of an outage.
      LOG.atLevel(cluster.failing ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
          .log("Cluster {} could not be looked at, will try again: {}", id, e.getMessage());
      cluster.failing = true;
    }
  }

  private void judge(
      String id, Watched cluster, ClusterStatus status, Duration bound, Set<Alarm.Key> raised) {
    switch (status) {
      case STOPPED -> {
        cluster.up = null;
        if (isRaised(AlarmKind.RUNNING_UNUSED, id, raised)
            || isRaised(AlarmKind.LEFT_RUNNING, id, raised)) {
          journal.sessions().seenStopped(id);
        }
      }
      case RUNNING, STARTING, CREATING, ERROR -> {
        if (cluster.up == null) {
          cluster.up = clock.elapsed();
          cluster.since = clock.instant();
        }
        if (clock.elapsed().minus(cluster.up).compareTo(bound) >= 0
            && !isRaised(AlarmKind.RUNNING_UNUSED, id, raised)
            && !isRaised(AlarmKind.LEFT_RUNNING, id, raised)) {
          journal
              .alarms()
              .raise(AlarmKind.RUNNING_UNUSED, id, "it has been seen up since " + cluster.since);
        }
      }
      case STOPPING, UNKNOWN -> LOG.debug("Cluster {} is {}", id, status);
    }
  }

  private void clear(AlarmKind kind, String id, Set<Alarm.Key> raised) {
    if (isRaised(kind, id, raised)) {
      journal.alarms().clear(kind, id);
    }
  }

  private static boolean isRaised(AlarmKind kind, String id, Set<Alarm.Key> raised) {
    return raised.contains(new Alarm.Key(kind, id));
  }
}
