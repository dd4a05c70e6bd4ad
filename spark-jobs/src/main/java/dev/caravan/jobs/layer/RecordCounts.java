package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/** How many raw records an action saw, and what became of them. */
final class RecordCounts {
  private static final long BOUND_SECONDS = 60;

  private final Observation observation = new Observation();
  private final Column inWindow;
  private Map<String, Object> seen = Collections.emptyMap();

  RecordCounts(Column inWindow) {
    this.inWindow = inWindow;
  }

  /** Nothing of the records themselves is looked at: packing them costs more than all else. */
  Dataset<Row> observed(Dataset<Row> parsed) {
    Column rejects = col(ParsedEventsTransform.REASON).isNotNull();
    return parsed.observe(
        observation,
        count(lit(1)).as("read"),
        sum(when(rejects, 1L).otherwise(0L)).as("rejected"),
        sum(when(not(rejects).and(not(inWindow)), 1L).otherwise(0L)).as("outside"));
  }

  /** Takes the numbers of an action that has ended. */
  void settle() throws IOException {
    // Spark would wait for ever for an action that did not tell them.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      seen = thread.submit(observation::getAsJava).get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while counting", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Spark doesn't tell how many records there were", e);
    } finally {
      thread.shutdownNow();
    }
  }

  long read() {
    return number("read");
  }

  long rejected() {
    return number("rejected");
  }

  long written() {
    return read() - rejected() - number("outside");
  }

  Map<String, Long> dropped() {
    Map<String, Long> dropped = new LinkedHashMap<>();
    dropped.put("rowsRejected", rejected());
    dropped.put("rowsOutsideWindow", number("outside"));
    return dropped;
  }

  /** A sum over no row is null. */
  private long number(String name) {
    Object number = seen.get(name);
    return number instanceof Number ? ((Number) number).longValue() : 0;
  }
}
