package dev.caravan.processors.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the looks at clusters saw, and how long it lasted. For use by many threads. */
public final class ClusterStatuses {
  private static final String RUNNING = "RUNNING";
  private static final String STOPPED = "STOPPED";

  private final Transactions transactions;

  ClusterStatuses(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Writes the cluster's status, and an event if it differs from what the run saw last. */
  public void seen(Run run, String status) {
    transactions.change(
        transaction -> {
          Instant now = transaction.now();
          if (status.equals(RUNNING)) {
            SessionRows.seenRunning(transaction.handle, run.id(), now);
          }
          Optional<String> last = StatusRows.last(transaction.handle, run.id());
          ClusterSession session = SessionRows.looking(transaction.handle, run, now);
          StatusRows.seen(transaction.handle, session, status, now);
          if (last.filter(status::equals).isEmpty()) {
            transaction.event(run.id(), RunEvent.Kind.CLUSTER_STATUS, status, "");
          }
          if (status.equals(STOPPED)) {
            AlarmRows.clear(transaction, AlarmKind.LEFT_RUNNING, session.clusterId());
          }
        });
  }

  /** What the sessions of the run saw, oldest first. */
  public List<ClusterStatusInterval> of(Run run) {
    return transactions.read(handle -> StatusRows.of(handle, run.id()));
  }

  /**
   * How long the sessions of the run saw their cluster in each status, up to the last change seen
   * or the end of the run; in order of first appearance.
   */
  public Map<String, Duration> time(Run run) {
    return time(run, of(run));
  }

  /**
   * The same for a part of these intervals.
   *
   * @param seen of the run's sessions, oldest first
   */
  public Map<String, Duration> time(Run run, List<ClusterStatusInterval> seen) {
    Optional<Instant> ended =
        transactions.read(handle -> RunRows.find(handle, run.id())).flatMap(Run::endedAt);
    Map<String, Duration> time = new LinkedHashMap<>();
    for (ClusterStatusInterval interval : seen) {
      interval
          .until()
          .or(() -> ended.filter(end -> !end.isBefore(interval.since())))
          .ifPresent(
              until ->
                  time.merge(
                      interval.status(),
                      Duration.between(interval.since(), until),
                      Duration::plus));
    }
    return time;
  }

  /** How long this cluster usually takes from the asking to RUNNING; empty without experience. */
  public Optional<Duration> usualStart(String clusterId) {
    return transactions.read(handle -> SessionRows.usualStart(handle, clusterId));
  }

  /** How long this cluster usually takes from the asking to STOPPED; empty without experience. */
  public Optional<Duration> usualStop(String clusterId) {
    return transactions.read(handle -> SessionRows.usualStop(handle, clusterId));
  }
}
