package dev.caravan.bench.spark;

import java.time.Duration;

/**
 * What one process cost, or several one after the other.
 *
 * @param complete whether it ended by itself; else all metrics are lower bounds
 * @param cpu of the process and those that it waited for
 * @param peakBytes resident, at most at one time
 * @param effort what Spark itself counted
 */
record ProcessCost(
    boolean complete, Duration wall, Duration cpu, long peakBytes, SparkMetrics effort) {

  static final ProcessCost NONE =
      new ProcessCost(true, Duration.ZERO, Duration.ZERO, 0, SparkMetrics.NONE);

  /** Both, one after the other. */
  ProcessCost then(ProcessCost next) {
    return new ProcessCost(
        complete && next.complete,
        wall.plus(next.wall),
        cpu.plus(next.cpu),
        Math.max(peakBytes, next.peakBytes),
        effort.plus(next.effort));
  }

  double seconds() {
    return wall.toMillis() / 1e3;
  }
}
