package dev.caravan.cloud.chaos;

import java.time.Duration;
import java.util.Optional;

/**
 * A failure to inject, and its time.
 *
 * @param trigger the event that the current orchestrator must have reported first; empty: none
 * @param after that trigger; or else the orchestrator's last start, or the disturbance before it
 */
record Disturbance(
    Kind kind,
    Optional<Trigger> trigger,
    Duration after,
    Duration lasts,
    Line line,
    FaultyProxy.Fault fault) {

  /** What is done. */
  enum Kind {
    KILL_ORCHESTRATOR,
    /** It is not started again before the cluster is stopped, which only the lease can do. */
    LOSE_ORCHESTRATOR,
    KILL_ENDPOINT,
    KILL_BOTH,
    TERMINATE_ORCHESTRATOR,
    CUT_LINE,
    /** The cloud refuses calls for a while. */
    CLOUD_UNAVAILABLE,
    /** An answer of the cloud's to a start or a stop is lost. */
    LOSE_ANSWER,
    /** The cloud shows old statuses for a while. */
    LAG,
    /** The next start ends with an error. */
    NO_CAPACITY
  }

  /** A line between two parts. */
  enum Line {
    ORCHESTRATOR_TO_CLOUD,
    ORCHESTRATOR_TO_ENDPOINT,
    ORCHESTRATOR_TO_S3,
    ENDPOINT_TO_CLOUD
  }

  boolean isDeath() {
    return switch (kind) {
      case KILL_ORCHESTRATOR, LOSE_ORCHESTRATOR, KILL_ENDPOINT, KILL_BOTH, TERMINATE_ORCHESTRATOR ->
          true;
      case CUT_LINE, CLOUD_UNAVAILABLE, LOSE_ANSWER, LAG, NO_CAPACITY -> false;
    };
  }

  @Override
  public String toString() {
    String what =
        switch (kind) {
          case CUT_LINE -> kind + " " + line + " " + fault + " for " + lasts.toMillis() + " ms";
          case CLOUD_UNAVAILABLE, LAG -> kind + " for " + lasts.toMillis() + " ms";
          case KILL_ORCHESTRATOR, TERMINATE_ORCHESTRATOR, KILL_BOTH ->
              kind + ", back after " + lasts.toMillis() + " ms";
          default -> kind.toString();
        };
    return what
        + " after "
        + after.toMillis()
        + " ms"
        + trigger.map(from -> " from " + from).orElse("");
  }
}
