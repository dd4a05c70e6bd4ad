package dev.caravan.routes;

import dev.caravan.processors.SessionStart;
import dev.caravan.processors.StopRule;
import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.ClusterSession;
import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.Run;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.cloud.ClusterStatus;
import dev.caravan.shared.cloud.Clusters;
import dev.caravan.shared.settings.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
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
  private final SessionStart start;
  private final Map<SessionStart.Wait, Duration> begun = new HashMap<>();
  private volatile boolean closed;
  private final Thread thread = new Thread(this::stopWhileOwed, "last-resort");

  private LastResort(
      Journal journal,
      Clusters clusters,
      String clusterId,
      Supplier<Optional<String>> foreignWork,
      Duration grace,
      ElapsedClock clock) {
    this.start = new SessionStart(clusters, clock);
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
      Duration grace,
      ElapsedClock clock) {
    LastResort lastResort = new LastResort(journal, clusters, clusterId, foreignWork, grace, clock);
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
      if (closed) {
        // A call that was cut off by the end of it is no failure.
        LOG.debug("The last resort ended within a call", e);
        return;
      }
      raise(AlarmKind.STOP_FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Whether it has nothing left to do. */
  boolean isOver() {
    return !thread.isAlive();
  }

  private boolean isSettled() {
    // A cluster that another orchestrator's run needs is none of ours.
    Optional<ClusterSession> owed =
        journal.claims().isHolding(clusterId)
            ? journal.sessions().owedOn(clusterId)
            : Optional.empty();
    if (owed.isEmpty()) {
      return true;
    }
    try {
      ClusterStatus status = clusters.look(clusterId).status();
      if (status == ClusterStatus.STOPPING) {
        // Its end is for the next process to see.
        return true;
      }
      StopRule.Verdict verdict =
          StopRule.decide(
              new StopRule.Look(
                  status,
                  false,
                  () ->
                      start.of(
                          owed.get(), (wait, begin) -> begun.computeIfAbsent(wait, first -> begin)),
                  this::othersWork));
      return switch (verdict.action()) {
        case SETTLE -> true;
        case WAIT -> false;
        case LEAVE -> {
          raise(AlarmKind.LEFT_RUNNING, verdict.why());
          yield true;
        }
        case STOP -> {
          LOG.warn(
              "The session did not stop cluster {} within {} of the shutdown: stopping it now",
              clusterId,
              Durations.text(grace));
          clusters.stop(clusterId);
          yield true;
        }
      };
    } catch (RetryableException e) {
      LOG.warn(
          "Cluster {} could not be stopped yet, will try again: {}", clusterId, e.getMessage());
      return false;
    }
  }

  private void raise(AlarmKind kind, String detail) {
    journal.alarms().raise(kind, clusterId, owingRun(), detail);
  }

  private Optional<String> owingRun() {
    try {
      return journal
          .sessions()
          .owedOn(clusterId)
          .flatMap(session -> journal.runs().lastOf(session))
          .map(Run::id);
    } catch (RuntimeException e) {
      LOG.error("The journal can't be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> othersWork() {
    FutureTask<Optional<String>> asking = new FutureTask<>(foreignWork::get);
    Thread asker = new Thread(asking, "last-resort-look");
    asker.setDaemon(true);
    asker.start();
    try {
      return asking.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // The routes have come to their end: what they left is theirs.
      Thread.currentThread().interrupt();
      throw new CancellationException("the last resort is not needed any more");
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Whether others work on cluster {} could not be learnt in time", clusterId);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
