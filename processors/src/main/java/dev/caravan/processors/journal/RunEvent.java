package dev.caravan.processors.journal;

import java.time.Instant;

/**
 * Something that happened in a run, for people and for the record.
 *
 * @param subject what it happened to: a job, a cluster status
 */
public record RunEvent(String runId, Instant at, Kind kind, String subject, String detail) {

  /** What can happen in a run. */
  public enum Kind {
    RUN_CLAIMED,
    /** A process took up what another had begun. */
    RUN_CONTINUED,
    /** Left to the next process by a shutdown. */
    RUN_HANDED_OVER,
    CLUSTER_START_ASKED,
    CLUSTER_FOUND_RUNNING,
    CLUSTER_STATUS,
    ENDPOINT_READY,
    JOB_SUBMITTED,
    JOB_ENDED,
    JOB_KILLED,
    OUTPUT_VERIFIED,
    CLUSTER_STOP_ASKED,
    CLUSTER_LEFT_RUNNING,
    STOP_FAILED,
    RUN_ENDED
  }
}
