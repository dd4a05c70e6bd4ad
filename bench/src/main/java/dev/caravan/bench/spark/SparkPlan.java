package dev.caravan.bench.spark;

import dev.caravan.bench.ledger.Figure;
import dev.caravan.bench.ledger.Ledger;
import java.util.List;

/**
 * What all works of one run share.
 *
 * @param memory of a driver
 * @param naive which datamarts the baseline makes
 */
record SparkPlan(
    Applications applications,
    Ledger ledger,
    List<Size> sizes,
    int rounds,
    String memory,
    List<String> naive) {

  static final String OURS = "ours";
  static final String NAIVE = "naive";

  void say(String text) {
    System.err.println("bench: " + text);
  }

  void add(Figure figure, String side, double value, boolean complete) {
    if (complete) {
      ledger.add(figure, side, value);
    } else {
      ledger.addAtLeast(figure, side, value);
    }
    say(
        "%s, %s: %s %s%.2f %s"
            .formatted(
                figure.work(), figure.what(), side, complete ? "" : ">", value, figure.unit()));
  }
}
