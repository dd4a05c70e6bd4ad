package dev.caravan.processors.journal;

import java.util.List;
import java.util.Map;

/**
 * The runs of a span of logical dates.
 *
 * @param jobs the attempts of their jobs, by the id of the run
 * @param rows the rows of the outputs that were found, by the id of the run; none were counted
 *     where it is missing
 */
public record RunsOfDates(List<Run> runs, Map<String, List<JobRun>> jobs, Map<String, Long> rows) {
  public RunsOfDates {
    runs = List.copyOf(runs);
    jobs = Map.copyOf(jobs);
    rows = Map.copyOf(rows);
  }
}
