package dev.caravan.processors.pipelines;

import java.time.Duration;
import java.util.Set;

/**
 * How a job is run and tried again.
 *
 * @param timeout after which the batch is killed and the job has failed
 * @param poll longest time between two looks at the batch
 * @param attempts how often it is tried in one run; each try is a batch of its own
 * @param retryOn exit codes after which it is tried again; empty: after any failure
 * @param retryDelay how long to wait before another try
 * @param together how many dates one application takes at most
 */
public record JobPolicy(
    Duration timeout,
    Duration poll,
    int attempts,
    Set<Integer> retryOn,
    Duration retryDelay,
    int together) {

  public JobPolicy {
    retryOn = Set.copyOf(retryOn);
  }
}
