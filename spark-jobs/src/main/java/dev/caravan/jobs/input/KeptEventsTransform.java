package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Drops typed events that nobody can be held to have caused, and counts all events on the way.
 *
 * <p>The counts, see {@link EventCounts}, are observed under the type's label when an action runs
 * the plan. An event without a usable time is counted as dropped, and has no part in anything that
 * needs a time; that somebody wrote to somebody, or is subscribed, it tells all the same.
 */
public final class KeptEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  private final EventType type;

  public KeptEventsTransform(EventType type) {
    this.type = type;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> typed) {
    return typed
        .observe(type.label(), EventCounts.rows(), EventCounts.rowsByCause(type))
        .filter(not(col(TypedEventsTransform.BAD_ID)).and(not(DropCause.absentId(type))))
        .drop(TypedEventsTransform.BAD_ID, TypedEventsTransform.TIME_FAULT);
  }
}
