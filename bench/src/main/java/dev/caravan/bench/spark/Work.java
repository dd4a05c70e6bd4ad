package dev.caravan.bench.spark;

import java.io.IOException;

/** One part of the benchmark. */
interface Work {
  void measure(Plan plan) throws IOException, InterruptedException;
}
