package dev.caravan.processors.pipelines;

import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.S3Location;
import java.util.List;
import java.util.Optional;

/**
 * An output that a job promises for each date; {@link OutputContract} with placeholders.
 *
 * @param at its location, placeholders unresolved
 * @param band empty: the number of rows isn't compared with that of earlier runs
 */
public record PromisedOutput(
    String at,
    int minObjects,
    long minBytes,
    long minRows,
    Optional<RowBand> band,
    List<String> columns) {

  public PromisedOutput {
    columns = List.copyOf(columns);
  }

  OutputContract contract(String job, RunValues values) {
    return new OutputContract(
        S3Location.of(Placeholders.resolve(at, job, values)),
        minObjects,
        minBytes,
        minRows,
        columns);
  }
}
