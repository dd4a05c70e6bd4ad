package dev.caravan.processors.journal;

/**
 * The steps of a run, in the order of a run that goes well; jobs repeat the three in the middle.
 */
public enum RunStep {
  START_CLUSTER,
  AWAIT_CLUSTER,
  SUBMIT_JOB,
  AWAIT_JOB,
  VERIFY_OUTPUT,
  END_JOBS,
  CLOSE_RUN,
  STOP_CLUSTER
}
