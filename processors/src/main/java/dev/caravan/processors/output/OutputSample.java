package dev.caravan.processors.output;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies at an output's location now.
 *
 * @param format {@code parquet}, {@code json-lines}, {@code unknown}, or {@code none} where nothing
 *     lies
 * @param objects data objects; markers and hidden objects don't count
 * @param rows of all objects; empty if they can't be counted within bounds
 * @param types the columns of the first object that could be read, with their types in the words of
 *     Spark SQL
 * @param firstRows by column, in the order of the objects' keys
 * @param newest when the last object was written, in whole seconds
 * @param remarks sentences on what could not be read
 */
public record OutputSample(
    S3Location location,
    String format,
    int objects,
    long bytes,
    Optional<Long> rows,
    Map<String, String> types,
    List<Map<String, Object>> firstRows,
    Optional<Instant> newest,
    List<String> remarks) {}
