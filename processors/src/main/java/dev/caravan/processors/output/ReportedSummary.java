package dev.caravan.processors.output;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a job says of itself; each field is empty if the job didn't write it.
 *
 * @param exitCode 0 if the datamart was made
 * @param message why it wasn't
 * @param windowFrom first day read
 * @param windowTo last day read
 * @param output where its rows are
 * @param phases time of the wall of each phase, and their {@code total}
 */
public record ReportedSummary(
    Optional<String> job,
    OptionalInt exitCode,
    Optional<String> message,
    Optional<LocalDate> windowFrom,
    Optional<LocalDate> windowTo,
    OptionalLong partitionsRead,
    OptionalLong partitionsMissing,
    OptionalLong rowsRead,
    OptionalLong rowsDropped,
    OptionalLong rowsWritten,
    OptionalLong files,
    OptionalLong bytes,
    Optional<String> output,
    Map<String, Duration> phases) {

  public ReportedSummary {
    phases = Map.copyOf(phases);
  }
}
