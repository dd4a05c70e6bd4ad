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

  /** The entry whose rows are there. */
  public Optional<ReportedSummary> of(S3Location output) {
    String place = pathOf(output.toString());
    return jobs.stream()
        .filter(each -> each.output().filter(at -> pathOf(at).equals(place)).isPresent())
        .findFirst();
  }

  /** Without scheme, which Spark calls s3a, and without the slash at the end. */
  private static String pathOf(String address) {
    return address.replaceFirst("^s3[an]?:", "").replaceFirst("/+$", "");
  }

  /** The entry of one job. */
  public Optional<ReportedSummary> job(String name) {
    return jobs.stream().filter(each -> each.job().filter(name::equals).isPresent()).findFirst();
  }
}
