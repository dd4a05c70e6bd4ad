package dev.caravan.processors.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long a backfill is expected to keep the cluster: one start, each job's applications one after
 * the other, one stop. Jobs that run side by side take less.
 *
 * @param clusterTime empty if there is no history to estimate from
 * @param sentence the estimate and what it is made of, or what it lacks
 */
public record BackfillEstimate(Optional<Duration> clusterTime, String sentence) {
  /**
   * A job of the pipeline.
   *
   * @param together how many dates one application takes, at least 1
   * @param application the median duration of its applications; empty if none has succeeded
   */
  public record Job(String name, int together, Optional<Duration> application) {}

  /**
   * The estimate for a number of dates.
   *
   * @param dates how many dates run
   * @param start the median duration of the cluster's starts; empty if there was none
   * @param stop the median duration of the cluster's stops; empty if there was none
   */
  public static BackfillEstimate of(
      int dates, Optional<Duration> start, Optional<Duration> stop, List<Job> jobs) {
    if (dates == 0) {
      return new BackfillEstimate(
          Optional.of(Duration.ZERO), "No date runs; the cluster isn't started.");
    }
    List<String> missing = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    Duration sum = add("start", 1, start, parts, missing);
    for (Job job : jobs) {
      int applications = BackfillPlan.applications(dates, job.together());
      sum = sum.plus(add(job.name(), applications, job.application(), parts, missing));
    }
    sum = sum.plus(add("stop", 1, stop, parts, missing));
    return missing.isEmpty()
        ? new BackfillEstimate(
            Optional.of(sum),
            "About %s of cluster time: %s.".formatted(text(sum), String.join(", ", parts)))
        : new BackfillEstimate(
            Optional.empty(),
            "No estimate of the cluster time: no history of %s."
                .formatted(String.join(", ", missing)));
  }

  private static Duration add(
      String name, int times, Optional<Duration> median, List<String> parts, List<String> missing) {
    if (median.isEmpty()) {
      missing.add(name);
      return Duration.ZERO;
    }
    parts.add(name + " " + (times == 1 ? "" : times + " x ") + text(median.get()));
    return median.get().multipliedBy(times);
  }

  /** Hours and minutes, or minutes and seconds of what is shorter than an hour. */
  private static String text(Duration duration) {
    if (duration.toHours() > 0) {
      return "%dh %02dm".formatted(duration.toHours(), duration.toMinutesPart());
    }
    return duration.toMinutes() > 0
        ? "%dm %02ds".formatted(duration.toMinutes(), duration.toSecondsPart())
        : duration.toSeconds() + "s";
  }
}
