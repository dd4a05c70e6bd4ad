package dev.caravan.bench.spark;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One part of the benchmark. */
interface SparkBenchWork {
  /** The data that it needs. */
  default Set<BenchLake> reads(List<Size> sizes) {
    return sizes.stream().map(Size::lake).collect(Collectors.toSet());
  }

  void measure(SparkPlan plan) throws IOException, InterruptedException;
}
