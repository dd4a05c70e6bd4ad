package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import dev.caravan.jobs.place.CityDictionary;
import dev.caravan.jobs.place.GreatCircle;
import dev.caravan.jobs.place.KilometreGrid;
import java.sql.Timestamp;
import java.time.Instant;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whom to befriend: subscribers of a common channel who are at most a kilometre apart and have
 * never written to each other.
 *
 * <p>Space comes first, since users within a kilometre of each other are few, while a channel's
 * subscribers paired with each other grow with the square of the channel.
 */
public final class RecommendationsTransform {
  private static final double REACH_KM = 1.0;

  private final CityDictionary dictionary;
  private final Instant processedAt;

  public RecommendationsTransform(CityDictionary dictionary, Instant processedAt) {
    this.dictionary = dictionary;
    this.processedAt = processedAt;
  }

  /**
   * {@code user_id, rec_to_add_user_id, processed_dttm, zone_id, local_time}: each pair in both
   * orders.
   *
   * @param people as {@link #people} makes them; read four times, so best persisted
   * @param messages kept messages, copies included: whoever wrote any of them has written
   */
  public Dataset<Row> apply(Dataset<Row> people, Dataset<Row> messages) {
    Dataset<Row> pairs =
        near(people)
            .join(described(people, "a"), "a")
            .join(described(people, "b"), "b")
            .filter(arrays_overlap(col("a_channels"), col("b_channels")))
            .join(
                acquainted(messages),
                col("a").equalTo(col("low")).and(col("b").equalTo(col("high"))),
                "left_anti");
    return pairs
        .select(explode(array(oneWay("a", "b"), oneWay("b", "a"))).as("pair"))
        .select(
            col("pair.user_id"),
            col("pair.rec_to_add_user_id"),
            lit(Timestamp.from(processedAt)).as("processed_dttm"),
            dictionary.idOf(col("pair.place")).as("zone_id"),
            from_utc_timestamp(col("pair.time"), dictionary.timezoneOf(col("pair.place")))
                .as("local_time"));
  }

  /**
   * Who can be in a pair at all: one row per user with a located message and a channel, with time,
   * place and coordinates of the latest message, and the channels.
   */
  public static Dataset<Row> people(Dataset<Row> timelines, Dataset<Row> subscriptions) {
    return timelines
        .filter(col("is_latest"))
        .select("user_id", "time", "place", "lat", "lon")
        .join(
            subscriptions.groupBy("user_id").agg(collect_set("channel_id").as("channels")),
            "user_id");
  }

  /** Pairs {@code a < b} at most a kilometre apart. */
  private static Dataset<Row> near(Dataset<Row> people) {
    Dataset<Row> here =
        people.select(
            col("user_id").as("a"),
            col("lat").as("a_lat"),
            col("lon").as("a_lon"),
            KilometreGrid.cell(col("lat"), col("lon")).as("cell"));
    Dataset<Row> around =
        KilometreGrid.reach(
            people.select(col("user_id").as("b"), col("lat").as("b_lat"), col("lon").as("b_lon")),
            col("b_lat"),
            col("b_lon"));
    Column distance = GreatCircle.km(col("a_lat"), col("a_lon"), col("b_lat"), col("b_lon"));
    return here.join(around, "cell")
        .filter(col("a").lt(col("b")).and(distance.leq(REACH_KM)))
        .select("a", "b");
  }

  private static Dataset<Row> described(Dataset<Row> people, String side) {
    return people.select(
        col("user_id").as(side),
        col("channels").as(side + "_channels"),
        col("place").as(side + "_place"),
        col("time").as(side + "_time"));
  }

  private static Dataset<Row> acquainted(Dataset<Row> messages) {
    return messages
        .filter(col("to_user_id").isNotNull())
        .select(
            least(col("user_id"), col("to_user_id")).as("low"),
            greatest(col("user_id"), col("to_user_id")).as("high"))
        .distinct();
  }

  private static Column oneWay(String from, String to) {
    return struct(
        col(from).as("user_id"),
        col(to).as("rec_to_add_user_id"),
        col(from + "_place").as("place"),
        col(from + "_time").as("time"));
  }
}
