package dev.caravan.processors.output;

import java.util.List;

/**
 * What a job promised to leave behind for a logical date.
 *
 * @param location {@code s3://bucket/prefix/date=.../}; a missing slash at the end is added, so
 *     that another date's prefix isn't taken for this one
 * @param minObjects data objects
 * @param minBytes of all data objects together
 * @param minRows of all parquet files together
 * @param columns that each parquet file must have at its top level; others may be there
 */
public record OutputContract(
    S3Location location, int minObjects, long minBytes, long minRows, List<String> columns) {

  public OutputContract {
    if (minObjects < 0 || minBytes < 0 || minRows < 0) {
      throw new IllegalArgumentException(
          "The output contract of " + location + " promises a negative number.");
    }
    location = location.asDirectory();
    columns = List.copyOf(columns);
  }

  /** Whether it promises what only a parquet footer can tell. */
  boolean asksForFooters() {
    return minRows > 0 || !columns.isEmpty();
  }
}
