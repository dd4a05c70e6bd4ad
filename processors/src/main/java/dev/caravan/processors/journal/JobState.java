package dev.caravan.processors.journal;

/** How far a job of a run has come. */
public enum JobState {
  /** The intent to submit is written; whether the endpoint heard of it isn't known yet. */
  SUBMITTING,
  /** The endpoint has the batch. */
  SUBMITTED,
  /** The batch succeeded; its output isn't verified yet. */
  SUCCEEDED,
  /** The output keeps its contract: nothing is left to do. */
  VERIFIED,
  /** The batch failed, or its output broke the contract. */
  FAILED;

  /** Whether a batch of this job may still be alive at the endpoint. */
  public boolean isInFlight() {
    return this == SUBMITTING || this == SUBMITTED;
  }
}
