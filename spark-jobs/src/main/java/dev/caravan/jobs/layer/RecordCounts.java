package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final String READ = "read";
  private static final String REJECTED = "rejected";
  private static final String OUTSIDE = "outside";

  private final Observation observation = new Observation();
  private final Column inWindow;
  private Map<String, Object> seen = Collections.emptyMap();

  RecordCounts(Column inWindow) {
    this.inWindow = inWindow;
  }

  /** Nothing of the records themselves is looked at: packing them costs more than all else. */
  Dataset<Row> observed(Dataset<Row> parsed) {
    List<Column> columns = columns();
    return parsed.observe(
        observation, columns.get(0), columns.subList(1, columns.size()).toArray(new Column[0]));
  }

  private List<Column> columns() {
    Column rejects = col(ParsedEventsTransform.REASON).isNotNull();
    return Arrays.asList(
        count(lit(1)).as(READ),
        sum(when(rejects, 1L).otherwise(0L)).as(REJECTED),
        sum(when(not(rejects).and(not(inWindow)), 1L).otherwise(0L)).as(OUTSIDE));
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

  /**
   * Takes the numbers of a query of its own, whose result doesn't change when a task is run again:
   * what Spark observes on the way counts that task's records twice.
   */
  void recount(Dataset<Row> parsed) {
    List<Column> columns = columns();
    Row row =
        parsed
            .agg(columns.get(0), columns.subList(1, columns.size()).toArray(new Column[0]))
            .collectAsList()
            .get(0);
    Map<String, Object> counted = new HashMap<>();
    for (String name : row.schema().fieldNames()) {
      counted.put(name, row.getAs(name));
    }
    seen = counted;
  }

  /** Whether each record read was written, rejected, or is of another day. */
  boolean addUp(long written, long rejected) {
    return read() == written + rejected + outside() && rejected == rejected();
  }

  long read() {
    return number(READ);
  }

  long rejected() {
    return number(REJECTED);
  }

  long outside() {
    return number(OUTSIDE);
  }

  Map<String, Long> dropped() {
    Map<String, Long> dropped = new LinkedHashMap<>();
    dropped.put("rowsRejected", rejected());
    dropped.put("rowsOutsideWindow", outside());
    return dropped;
  }

  /** A sum over no row is null. */
  private long number(String name) {
    Object number = seen.get(name);
    return number instanceof Number ? ((Number) number).longValue() : 0;
  }
}
