package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;

import dev.caravan.jobs.place.CityDictionary;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Counts of messages, reactions, subscriptions and registrations by zone, week and month. */
public final class EventsTotalTransform {
  private static final double SECONDS_A_DAY = 86_400;
  private static final LocalDate EPOCH = LocalDate.ofEpochDay(0);

  /** What copies of one reaction have in common. */
  static final List<String> REACTION =
      Collections.unmodifiableList(Arrays.asList("user_id", "message_id", "time"));

  /** What copies of one subscription have in common. */
  static final List<String> SUBSCRIPTION =
      Collections.unmodifiableList(Arrays.asList("user_id", "channel_id", "time"));

  private final CityDictionary dictionary;

  public EventsTotalTransform(CityDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * One row per (zone_id, month, week) that saw any event.
   *
   * @param timelines the messages
   * @param reactions placed reactions, copies included
   * @param subscriptions placed subscriptions, copies included
   */
  public Dataset<Row> apply(
      Dataset<Row> timelines, Dataset<Row> reactions, Dataset<Row> subscriptions) {
    Column none = lit(0L);
    Column one = lit(1L);
    Dataset<Row> days =
        counted(timelines, one, none, none, col("is_first").cast(DataTypes.LongType))
            .union(counted(once(reactions, REACTION), none, one, none, none))
            .union(counted(once(subscriptions, SUBSCRIPTION), none, none, one, none))
            .groupBy("place", "day")
            .agg(
                sum("message").as("message"),
                sum("reaction").as("reaction"),
                sum("subscription").as("subscription"),
                sum("registration").as("registration"));
    Column day = date_add(lit(EPOCH), col("day").cast(DataTypes.IntegerType));
    Dataset<Row> weeks =
        days.withColumn("month", trunc(day, "month"))
            .withColumn("week", trunc(day, "week"))
            .groupBy("place", "month", "week")
            .agg(
                sum("message").as("week_message"),
                sum("reaction").as("week_reaction"),
                sum("subscription").as("week_subscription"),
                sum("registration").as("week_user"));
    WindowSpec month = Window.partitionBy("place", "month");
    return weeks.select(
        dictionary.idOf(col("place")).as("zone_id"),
        col("week"),
        col("month"),
        col("week_message"),
        col("week_reaction"),
        col("week_subscription"),
        col("week_user"),
        sum("week_message").over(month).as("month_message"),
        sum("week_reaction").over(month).as("month_reaction"),
        sum("week_subscription").over(month).as("month_subscription"),
        sum("week_user").over(month).as("month_user"));
  }

  /** Each event once; of copies in several places the lowest place stays. */
  private static Dataset<Row> once(Dataset<Row> placed, List<String> key) {
    return placed
        .filter(col("time").isNotNull())
        .groupBy(key.stream().map(functions::col).toArray(Column[]::new))
        .agg(min("place").as("place"));
  }

  /** By day at first, since months and weeks of days are far fewer than those of events. */
  private static Dataset<Row> counted(
      Dataset<Row> events,
      Column message,
      Column reaction,
      Column subscription,
      Column registration) {
    return events.select(
        col("place"),
        // Since 1970, in the session's zone, which is UTC.
        floor(col("time").cast(DataTypes.LongType).divide(SECONDS_A_DAY)).as("day"),
        message.as("message"),
        reaction.as("reaction"),
        subscription.as("subscription"),
        registration.as("registration"));
  }
}
