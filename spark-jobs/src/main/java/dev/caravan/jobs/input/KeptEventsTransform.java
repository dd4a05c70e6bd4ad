package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Drops typed events that nobody can be held to have caused, and counts them on the way.
 *
 * <p>The counts are observed under the type's label as {@link #READ}, {@link #NO_ID} and {@link
 * #BAD_ID} when an action runs the plan.
 */
public final class KeptEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /** Rows seen. */
  public static final String READ = "rows_read";

  /** Rows dropped since an id that they must have is null. */
  public static final String NO_ID = "rows_without_id";

  /** Rows dropped since an id is a string that is no number. */
  public static final String BAD_ID = "rows_with_bad_id";

  private final EventType type;

  public KeptEventsTransform(EventType type) {
    this.type = type;
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> typed) {
    Column bad = col(TypedEventsTransform.BAD_ID);
    Column absent = col("user_id").isNull();
    if (type == EventType.SUBSCRIPTION) {
      absent = absent.or(col("channel_id").isNull());
    }
    return typed
        .observe(
            type.label(),
            count(lit(1)).as(READ),
            sum(when(absent.and(not(bad)), 1L).otherwise(0L)).as(NO_ID),
            sum(when(bad, 1L).otherwise(0L)).as(BAD_ID))
        .filter(not(bad).and(not(absent)))
        .drop(TypedEventsTransform.BAD_ID);
  }
}
