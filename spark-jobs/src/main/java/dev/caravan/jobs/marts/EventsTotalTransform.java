package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;

import dev.caravan.jobs.place.CityDictionary;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/** Counts of messages, reactions, subscriptions and registrations by zone, week and month. */
public final class EventsTotalTransform {
  private static final double SECONDS_A_DAY = 86_400;
  private static final LocalDate EPOCH = LocalDate.ofEpochDay(0);

  private final CityDictionary dictionary;

  public EventsTotalTransform(CityDictionary dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * One row per (zone_id, month, week) that saw any event.
   *
   * @param timelines the messages
   * @param reactions numbers of reactions, {@code place, day, events}
   * @param subscriptions the same of subscriptions
   */
  public Dataset<Row> apply(
      Dataset<Row> timelines, Dataset<Row> reactions, Dataset<Row> subscriptions) {
    Column none = lit(0L);
    Column place = col(DistinctEventsTransform.PLACE);
    Column day = col(DistinctEventsTransform.DAY);
    Column events = col(DistinctEventsTransform.EVENTS);
    // By day at first, since months and weeks of days are far fewer than those of events.
    Dataset<Row> days =
        timelines
            .select(
                place,
                // Since 1970, in the session's zone, which is UTC.
                floor(col("time").cast(DataTypes.LongType).divide(SECONDS_A_DAY)).as("day"),
                lit(1L).as("message"),
                none.as("reaction"),
                none.as("subscription"),
                col("is_first").cast(DataTypes.LongType).as("registration"))
            .union(reactions.select(place, day, none, events, none, none))
            .union(subscriptions.select(place, day, none, none, events, none))
            .groupBy("place", "day")
            .agg(
                sum("message").as("message"),
                sum("reaction").as("reaction"),
                sum("subscription").as("subscription"),
                sum("registration").as("registration"));
    Column date = date_add(lit(EPOCH), day.cast(DataTypes.IntegerType));
    Dataset<Row> weeks =
        days.withColumn("month", trunc(date, "month"))
            .withColumn("week", trunc(date, "week"))
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
}
