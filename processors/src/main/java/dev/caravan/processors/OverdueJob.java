package dev.caravan.processors;

import dev.caravan.shared.settings.Durations;
import org.apache.camel.Exchange;

/**
 * A job that did not end in time: what is said of it, and whether its batch was told to end in this
 * exchange. A deletion that isn't answered in time may still be at work, so that what is seen
 * afterwards is its effect, and no loss.
 */
final class OverdueJob {
  /** The number of the batch that was told to end. */
  private static final String TOLD = "toldToEnd";

  private OverdueJob() {}

  static void tellToEnd(Exchange exchange, int batch) {
    exchange.setProperty(TOLD, batch);
  }

  static boolean isToldToEnd(Exchange exchange, int batch) {
    return exchange.getProperty(TOLD, -1, Integer.class) == batch;
  }

  static String killed(JobConfig job, int batch) {
    return late(job, " and its batch %d was killed".formatted(batch));
  }

  /**
   * @param seen what was seen instead of the batch
   */
  static String gone(JobConfig job, int batch, String seen) {
    return late(job, "; its batch %d was told to end, and now %s".formatted(batch, seen));
  }

  private static String late(JobConfig job, String end) {
    return "Job %s did not end within %s%s (caravan.job.%s.timeout)."
        .formatted(job.name(), Durations.text(job.timeout()), end, job.name());
  }
}
