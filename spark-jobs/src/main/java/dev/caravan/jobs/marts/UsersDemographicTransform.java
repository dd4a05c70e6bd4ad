package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.place.CityDictionary;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Timelines to one row per user: where the user is, lives and has travelled. */
public final class UsersDemographicTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /** A visit that lasts more days than this is to one's home. */
  private static final int VISITOR_DAYS = 27;

  private static final String NO_HOME = "Couldn't determine";

  private final CityDictionary dictionary;

  public UsersDemographicTransform(CityDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * {@code user_id, act_city, home_city, local_time, travel_count, travel_array}.
   *
   * <p>Of a timeline the first message of each visit and the last one of all tell everything: the
   * row after a visit's first is the next visit's first, or the last message of all, and either way
   * it ends the visit.
   */
  @Override
  public Dataset<Row> apply(Dataset<Row> timelines) {
    WindowSpec inOrder = Window.partitionBy("user_id").orderBy("time", "message_id");
    Column visit = struct(col("time"), col("message_id"), col("place"));
    Column days = datediff(col("ends"), col("time"));
    Dataset<Row> users =
        timelines
            .filter(col("starts_visit").or(col("is_latest")))
            .withColumn("ends", coalesce(lead("time", 1).over(inOrder), col("time")))
            .groupBy("user_id")
            .agg(
                max(when(col("is_latest"), visit)).as("latest"),
                max(when(col("starts_visit").and(days.gt(VISITOR_DAYS)), visit)).as("home"),
                array_sort(collect_list(when(col("starts_visit"), visit))).as("visits"));
    Column actPlace = col("latest.place");
    return users.select(
        col("user_id"),
        dictionary.nameOf(actPlace).as("act_city"),
        coalesce(dictionary.nameOf(col("home.place")), lit(NO_HOME)).as("home_city"),
        from_utc_timestamp(col("latest.time"), dictionary.timezoneOf(actPlace)).as("local_time"),
        size(col("visits")).as("travel_count"),
        transform(col("visits"), stay -> dictionary.nameOf(stay.getField("place")))
            .as("travel_array"));
  }
}
