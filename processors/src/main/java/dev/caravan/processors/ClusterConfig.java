package dev.caravan.processors;

import java.time.Duration;

/**
 * The cluster a pipeline runs on.
 *
 * @param poll time between two looks
 * @param startTimeout how long it may take until it is running and alive
 * @param stopTimeout how long it may take until it is stopped
 */
public record ClusterConfig(
    String id, Duration poll, Duration startTimeout, Duration stopTimeout, StopPolicy stopPolicy) {

  /** Which clusters are stopped at the end of a run. */
  public enum StopPolicy {
    /** Those that Caravan started. */
    OURS,
    /** Also one that was found running. */
    ALWAYS
  }
}
