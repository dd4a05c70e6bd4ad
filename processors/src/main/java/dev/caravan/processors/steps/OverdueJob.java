package dev.caravan.processors.steps;

import dev.caravan.processors.pipelines.PipelineJob;
import dev.caravan.shared.settings.Durations;

/**
 * What is said of a job that did not end in time. A deletion that isn't answered in time may still
 * be at work, so that what is seen after its batch was told to end is its effect, and no loss.
 */
final class OverdueJob {
  private OverdueJob() {}

  static String killed(PipelineJob job, int batch) {
    return late(job, " and its batch %d was killed".formatted(batch));
  }

  /**
   * @param seen what was seen instead of the batch
   */
  static String gone(PipelineJob job, int batch, String seen) {
    return late(job, "; its batch %d was told to end, and now %s".formatted(batch, seen));
  }

  private static String late(PipelineJob job, String end) {
    return "Job %s did not end within %s%s (its timeout in the pipeline's file)."
        .formatted(job.name(), Durations.text(job.timeout()), end);
  }
}
