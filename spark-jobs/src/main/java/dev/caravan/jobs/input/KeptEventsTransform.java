package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Drops typed events without a usable id, and counts all events.
 *
 * <p>The counts, see {@link EventCounts}, are observed under the type's label when an action runs
 * the plan. An event without a usable time is counted as dropped, and is not used for anything that
 * needs a time; it still shows that one user wrote to another, or is subscribed.
 */
public final class KeptEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  private final EventType type;

  public KeptEventsTransform(EventType type) {
    this.type = type;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> typed) {
    return uncounted(
        type, typed.observe(type.label(), EventCounts.rows(), EventCounts.rowsByCause(type)));
  }

  /** The same without counting, for events that are counted elsewhere. */
  public static Dataset<Row> uncounted(EventType type, Dataset<Row> typed) {
    return typed
        .filter(not(col(TypedEventsTransform.BAD_ID)).and(not(DropCause.absentId(type))))
        .drop(TypedEventsTransform.BAD_ID, TypedEventsTransform.TIME_FAULT);
  }
}
