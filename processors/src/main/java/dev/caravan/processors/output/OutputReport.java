package dev.caravan.processors.output;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was found where a contract was kept.
 *
 * @param objects data objects; markers and hidden objects don't count
 * @param rows empty if not all objects are parquet and the contract didn't ask
 * @param columns those that all parquet files have, in the order of the first
 * @param newest when the last object was written, in whole seconds; empty without objects
 */
public record OutputReport(
    S3Location location,
    int objects,
    long bytes,
    OptionalLong rows,
    List<String> columns,
    Optional<Instant> newest,
    Optional<Instant> oldest) {

  public OutputReport {
    columns = List.copyOf(columns);
  }
}
