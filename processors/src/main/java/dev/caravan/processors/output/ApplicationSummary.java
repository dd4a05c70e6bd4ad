package dev.caravan.processors.output;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The summary that one Spark application leaves in S3, for one or several jobs.
 *
 * @param run the run's id as the job was given it
 * @param applicationId Spark's
 */
public record ApplicationSummary(
    Optional<String> run,
    Optional<String> applicationId,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    OptionalInt exitCode,
    List<ReportedSummary> jobs) {

  public ApplicationSummary {
    jobs = List.copyOf(jobs);
  }

  /** The entry of one job. */
  public Optional<ReportedSummary> job(String name) {
    return jobs.stream().filter(each -> each.job().filter(name::equals).isPresent()).findFirst();
  }
}
