package dev.caravan.routes.cli;

import dev.caravan.processors.journal.AlarmKind;
import dev.caravan.processors.journal.SessionState;
import dev.caravan.routes.operations.ClusterView;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.RunDetail;
import dev.caravan.routes.operations.RunView;
import dev.caravan.routes.operations.SessionView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Waits until a server has stopped a cluster, or it is known that it will not be soon. */
final class ClusterWatch {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final ControlPlane plane;
  private final Clock clock;

  ClusterWatch(ControlPlane plane, Clock clock) {
    this.plane = plane;
    this.clock = clock;
  }

  /**
   * Waits for it.
   *
   * @param last the last of the runs that used the cluster; empty: none did
   */
  ClusterOutcome await(Optional<RunDetail> last) throws InterruptedException {
    Optional<SessionView> used = last.flatMap(RunDetail::session);
    if (used.isEmpty()) {
      return new ClusterOutcome(true, "NOT USED");
    }
    Instant end = clock.instant().plus(PATIENCE);
    while (clock.instant().isBefore(end)) {
      Optional<ClusterOutcome> known = outcome(used.get());
      if (known.isPresent()) {
        return known.get();
      }
      Thread.sleep(LOOK.toMillis());
    }
    return pending(used.get());
  }

  private Optional<ClusterOutcome> outcome(SessionView used) {
    SessionView session = plane.session(used.id());
    if (session.state() == SessionState.STOPPED) {
      return Optional.of(new ClusterOutcome(true, "STOPPED"));
    }
    if (session.state() == SessionState.LEFT_RUNNING) {
      return Optional.of(
          new ClusterOutcome(
              false,
              "LEFT RUNNING, "
                  + (session.ours() ? "others work on it" : "it was running before this run")));
    }
    ClusterView cluster = plane.cluster(session.cluster());
    Optional<RunView> other = cluster.running();
    if (other.isPresent()) {
      return Optional.of(
          new ClusterOutcome(
              true, "IN USE by run " + other.get().id() + "; the server stops it afterwards"));
    }
    boolean failed =
        plane.alarms().stream()
            .anyMatch(
                alarm ->
                    alarm.kind() == AlarmKind.STOP_FAILED
                        && alarm.subject().equals(session.clusterId()));
    return failed ? Optional.of(pending(session)) : Optional.empty();
  }

  private static ClusterOutcome pending(SessionView session) {
    return new ClusterOutcome(
        false, "STOP PENDING, check " + session.clusterId() + " in the console");
  }
}
