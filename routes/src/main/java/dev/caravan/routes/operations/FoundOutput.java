package dev.caravan.routes.operations;

import java.util.Optional;

/**
 * What was found where an output was promised, and kept its promise.
 *
 * @param attempt the job's attempt that left it
 * @param rows by the parquet footers; empty if it is no parquet
 */
public record FoundOutput(int attempt, long objects, long bytes, Optional<Long> rows) {}
