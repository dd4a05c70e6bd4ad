package dev.caravan.routes.operations;

import dev.caravan.processors.journal.RunState;
import dev.caravan.processors.output.OutputSample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies now where a run promised an output.
 *
 * @param number from 1, among all outputs of the run
 * @param verified whether the run found that it kept its promise
 * @param format {@code parquet}, {@code json-lines}, {@code unknown}, or {@code none} where nothing
 *     lies
 * @param objects data objects
 * @param rows of all of them; empty if they can't be counted within bounds
 * @param columns all of them, with their types in the words of Spark SQL
 * @param firstRows values by column
 * @param newest when the last object was written
 * @param remarks sentences on what is not as expected
 */
public record PeekView(
    String run,
    RunState state,
    String job,
    int number,
    String at,
    boolean verified,
    String format,
    int objects,
    long bytes,
    Optional<Long> rows,
    Map<String, String> columns,
    List<Map<String, Object>> firstRows,
    Optional<Instant> newest,
    List<String> remarks) {

  static PeekView of(
      RunView run,
      String job,
      int number,
      OutputView output,
      OutputSample sample,
      List<String> remarks) {
    return new PeekView(
        run.id(),
        run.state(),
        job,
        number,
        output.at(),
        output.found().isPresent(),
        sample.format(),
        sample.objects(),
        sample.bytes(),
        sample.rows(),
        sample.types(),
        sample.firstRows(),
        sample.newest(),
        remarks);
  }
}
