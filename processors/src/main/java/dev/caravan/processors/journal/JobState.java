package dev.caravan.processors.journal;

/** How far an attempt of a job has come; {@link Transitions} says what may follow what. */
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
  FAILED,
  /** The batch was ended by the end of its run, and that was confirmed. */
  KILLED,
  /** It was never submitted in its run, since a job that it needs had failed. */
  UPSTREAM_FAILED;

  /** Whether a batch of this job may still be alive at the endpoint. */
  public boolean isInFlight() {
    return this == SUBMITTING || this == SUBMITTED;
  }

  /** Whether a further try needs a new attempt, and so a new key: this one's is spent. */
  public boolean isSpent() {
    return this == FAILED || this == KILLED || this == UPSTREAM_FAILED;
  }
}
