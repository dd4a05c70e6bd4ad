package dev.caravan.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param latencies of all answers, in nanoseconds
 * @param took from the first request to the last answer
 * @param failures answers with a status that was not wanted
 */
public record Load(Histogram latencies, Duration took, long failures) {

  private static final long LONGEST = Duration.ofMinutes(2).toNanos();

  static Histogram histogram() {
    return new Histogram(LONGEST, 3);
  }

  static void record(Histogram latencies, long nanos) {
    latencies.recordValue(Math.min(nanos, LONGEST));
  }

  /** Answers per second. */
  public double perSecond() {
    return latencies.getTotalCount() / (took.toNanos() / 1e9);
  }

  /** The latency that this part of the answers (0 to 100) didn't exceed, in milliseconds. */
  public double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }
}
