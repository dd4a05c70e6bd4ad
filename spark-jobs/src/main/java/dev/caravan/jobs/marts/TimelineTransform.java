package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;

/**
 * Placed messages to each user's timeline: the located messages in order of (time, message_id),
 * each once.
 *
 * <p>Of copies of one message that differ in where they were written, the lowest place, then the
 * lowest coordinates stay. Added are {@code is_first} and {@code is_latest} of the user's messages,
 * and {@code starts_visit}: the place differs from the one before. One shuffle by user, one sort,
 * which may spill; no user's messages are held in memory.
 */
public final class TimelineTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /** A user's messages, copies next to each other. */
  static final List<String> ORDER =
      Collections.unmodifiableList(Arrays.asList("time", "message_id", "place", "lat", "lon"));

  @Override
  public Dataset<Row> apply(Dataset<Row> placedMessages) {
    WindowSpec copiesTogether =
        Window.partitionBy("user_id")
            .orderBy(ORDER.stream().map(functions::col).toArray(Column[]::new));
    WindowSpec inOrder = Window.partitionBy("user_id").orderBy("time", "message_id");
    return placedMessages
        .filter(col("time").isNotNull())
        .select("user_id", "time", "message_id", "place", "lat", "lon")
        .withColumn(
            "is_copy",
            coalesce(
                lag("time", 1)
                    .over(copiesTogether)
                    .equalTo(col("time"))
                    .and(lag("message_id", 1).over(copiesTogether).eqNullSafe(col("message_id"))),
                lit(false)))
        .filter(not(col("is_copy")))
        .drop("is_copy")
        .withColumn("place_before", lag("place", 1).over(inOrder))
        .withColumn("is_latest", lead("time", 1).over(inOrder).isNull())
        .withColumn("is_first", col("place_before").isNull())
        .withColumn("starts_visit", not(col("place_before").eqNullSafe(col("place"))))
        .drop("place_before");
  }
}
