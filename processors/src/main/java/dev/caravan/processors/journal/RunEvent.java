package dev.caravan.processors.journal;

import java.time.Instant;

/**
 * Something that happened in a run, or to a pipeline, for people and for the record.
 *
 * @param runId empty text for what is of no run
 * @param subject what it happened to: a job, a cluster status, a pipeline, a backfill
 */
public record RunEvent(String runId, Instant at, Kind kind, String subject, String detail) {

  /** What can happen in a run. */
  public enum Kind {
    /** The subject is the logical date, the detail the cause. */
    RUN_QUEUED,
    /** The subject is the logical date, the detail the reason. */
    RUN_SKIPPED,
    /** The end of a running run was asked for; the detail is who and why. */
    RUN_CANCEL_ASKED,
    RUN_CLAIMED,
    /** A process took up what another had begun. */
    RUN_CONTINUED,
    /** Another run, of this subject, waits for this one. Told, and not kept. */
    RUN_AWAITED,
    /** It has succeeded before and was asked for once more. Told, and not kept. */
    RUN_NOT_REPEATED,
    /** Left to the next process by a shutdown. */
    RUN_HANDED_OVER,
    CLUSTER_START_ASKED,
    CLUSTER_FOUND_RUNNING,
    CLUSTER_STATUS,
    ENDPOINT_READY,
    JOB_SUBMITTED,
    JOB_SUCCEEDED,
    JOB_FAILED,
    JOB_KILLED,
    /** A job that it needs has failed. */
    JOB_NOT_RUN,
    OUTPUT_VERIFIED,
    CLUSTER_STOP_ASKED,
    CLUSTER_LEFT_RUNNING,
    RUN_ENDED,
    /** The subject is the alarm's key, the detail its cause in words. */
    ALARM_RAISED,
    ALARM_CLEARED,
    /** The subject is the pipeline, as in the two that follow; the detail is who and why. */
    PIPELINE_PAUSED,
    PIPELINE_RESUMED,
    /** More dates were missed than one planning decides; the detail says which. */
    DATES_LEFT_OUT,
    /** The subject is the backfill's number; the detail is its new state, and why. */
    BACKFILL_CHANGED
  }
}
