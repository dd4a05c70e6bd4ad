package dev.caravan.routes.operations;

import dev.caravan.processors.journal.JobState;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs of a span of logical dates, and how their jobs stand.
 *
 * @param jobs in the order of the definition, then those that it has no more
 * @param dates those that have a run, the latest first
 */
public record RunGrid(String pipeline, List<String> jobs, List<Day> dates) {

  /**
   * A logical date.
   *
   * @param run its latest run
   * @param runs how many it has had
   * @param jobs of the latest run, by name; one that is missing was not submitted
   * @param rows in all outputs of the latest run; empty if none was counted
   */
  public record Day(
      LocalDate date, RunView run, int runs, Map<String, JobCell> jobs, Optional<Long> rows) {
    public Day {
      jobs = Map.copyOf(jobs);
    }
  }

  /** The latest attempt of a job in a run. */
  public record JobCell(
      JobState state, Instant submittedAt, Optional<Instant> endedAt, Optional<String> failure) {}

  public RunGrid {
    jobs = List.copyOf(jobs);
    dates = List.copyOf(dates);
  }
}
