package dev.caravan.bench.spark;

import dev.caravan.bench.results.Metric;
import dev.caravan.bench.results.Results;
import java.util.List;

/**
 * What all works of one run share.
 *
 * @param memory of a driver
 * @param naive which datamarts the baseline makes
 */
record SparkPlan(
    Applications applications,
    Results results,
    List<Size> sizes,
    int rounds,
    String memory,
    List<String> naive) {

  static final String OURS = "ours";
  static final String NAIVE = "naive";

  void say(String text) {
    System.err.println("bench: " + text);
  }

  void add(Metric metric, String side, double value, boolean complete) {
    if (complete) {
      results.add(metric, side, value);
    } else {
      results.addAtLeast(metric, side, value);
    }
    say(
        "%s, %s: %s %s%.2f %s"
            .formatted(
                metric.work(), metric.what(), side, complete ? "" : ">", value, metric.unit()));
  }
}
