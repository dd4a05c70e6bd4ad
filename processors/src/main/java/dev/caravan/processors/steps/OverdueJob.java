package dev.caravan.processors.steps;

import dev.caravan.shared.settings.Durations;
import java.time.Duration;

/**
 * What is said of a job that did not end in time. A deletion that isn't answered in time may still
 * be at work, so that what is seen after its batch was told to end is its effect, and no loss.
 *
 * @param timeout the time it had
 */
record OverdueJob(String job, Duration timeout) {

  String killed(int batch) {
    return late(" and its batch %d was killed".formatted(batch));
  }

  /**
   * @param seen what was seen instead of the batch
   */
  String gone(int batch, String seen) {
    return late("; its batch %d was told to end, and now %s".formatted(batch, seen));
  }

  private String late(String end) {
    return "Job %s did not end within %s%s (its timeout in the pipeline's file)."
        .formatted(job, Durations.text(timeout), end);
  }
}
