package dev.caravan.cloud.chaos;

import java.time.Duration;

/** A failure to inject, and when. */
record Disturbance(Kind kind, Strike at, Duration lasts, FaultyProxy.Fault fault) {

  /** What is done. */
  enum Kind {
    KILL_ORCHESTRATOR,
    /** It is not started again before the cluster is stopped, which only the lease can do. */
    LOSE_ORCHESTRATOR,
    KILL_ENDPOINT,
    KILL_BOTH,
    TERMINATE_ORCHESTRATOR,
    /** The line that the message is on fails. */
    CUT_LINE,
    /** The cloud refuses calls for a while. */
    CLOUD_UNAVAILABLE,
    /** An answer of the cloud's to a start or a stop is lost. */
    LOSE_ANSWER,
    /** The cloud shows old statuses for a while. */
    LAG,
    /** The next start ends with an error. */
    NO_CAPACITY,
    /** A person cancels the run. */
    CANCEL_RUN,
    /** A person pauses the pipeline, and resumes it afterwards. */
    PAUSE_PIPELINE;

    boolean killsOrchestrator() {
      return this == KILL_ORCHESTRATOR || this == LOSE_ORCHESTRATOR || this == KILL_BOTH;
    }

    boolean killsEndpoint() {
      return this == KILL_ENDPOINT || this == KILL_BOTH;
    }

    /** Whether the process that sends on the line is killed. */
    boolean killsClientOf(Line line) {
      return line == Line.ENDPOINT_TO_CLOUD ? killsEndpoint() : killsOrchestrator();
    }
  }

  /** A line between two parts. */
  enum Line {
    ORCHESTRATOR_TO_CLOUD,
    ORCHESTRATOR_TO_ENDPOINT,
    ORCHESTRATOR_TO_S3,
    /** Where the journal is a server's; only the disturbed one of a pair uses it. */
    ORCHESTRATOR_TO_JOURNAL,
    ENDPOINT_TO_CLOUD
  }

  boolean isDeath() {
    return kind.killsOrchestrator() || kind.killsEndpoint() || kind == Kind.TERMINATE_ORCHESTRATOR;
  }

  @Override
  public String toString() {
    String what =
        switch (kind) {
          case CUT_LINE -> kind + " " + fault + " for " + lasts.toMillis() + " ms";
          case CLOUD_UNAVAILABLE, LAG -> kind + " for " + lasts.toMillis() + " ms";
          case KILL_ORCHESTRATOR, TERMINATE_ORCHESTRATOR, KILL_BOTH ->
              kind + ", back after " + lasts.toMillis() + " ms";
          default -> kind.toString();
        };
    return what + ", " + at;
  }
}
