package dev.caravan.processors.journal;

import java.util.Optional;

/**
 * What was found where an attempt of a job promised an output.
 *
 * @param number from 1, in the order of the pipeline's definition
 * @param location {@code s3://bucket/prefix/}
 * @param objects data objects
 * @param rowCount rows found in the parquet footers; empty if it is no parquet
 */
public record JobOutput(
    String job,
    int attempt,
    int number,
    String location,
    long objects,
    long bytes,
    Optional<Long> rowCount) {}
