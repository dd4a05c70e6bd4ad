package dev.caravan.jobs.marts;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.place.CityDictionary;
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
 * subscribers paired with each other grow with the square of the channel. Where many stand at one
 * point it is the other way round; see {@link Candidates}.
 */
public final class RecommendationsTransform {
  private final CityDictionary dictionary;
  private final Instant processedAt;
  private final long crowd;

  public RecommendationsTransform(CityDictionary dictionary, Instant processedAt) {
    this(dictionary, processedAt, Candidates.CROWD);
  }

  /**
   * The same with another bound from which users in one cell are a crowd: rows don't depend on it.
   */
  RecommendationsTransform(CityDictionary dictionary, Instant processedAt, long crowd) {
    this.dictionary = dictionary;
    this.processedAt = processedAt;
    this.crowd = crowd;
  }

  /**
   * {@code user_id, rec_to_add_user_id, processed_dttm, zone_id, local_time}: each pair in both
   * orders.
   *
   * @param people as {@link #people} makes them; read several times, so best persisted
   * @param messages kept messages, copies included: whoever wrote any of them has written
   */
  public Dataset<Row> apply(Dataset<Row> people, Dataset<Row> messages) {
    Dataset<Row> pairs =
        new Candidates(people, crowd)
            .pairs()
            .join(described(people, "a"), "a")
            .join(described(people, "b"), "b")
            .filter(
                col(Candidates.IN_COMMON).or(arrays_overlap(col("a_channels"), col("b_channels"))))
            .join(
                acquainted(messages),
                col("a").equalTo(col("low")).and(col("b").equalTo(col("high"))),
                "left_anti");
    return pairs
        .withColumn("forth", explode(array(lit(true), lit(false))))
        .select(
            either("a", "b").as("user_id"),
            either("b", "a").as("rec_to_add_user_id"),
            lit(Timestamp.from(processedAt)).as("processed_dttm"),
            either("a_zone_id", "b_zone_id").as("zone_id"),
            either("a_local_time", "b_local_time").as("local_time"));
  }

  private static Column either(String forth, String back) {
    return when(col("forth"), col(forth)).otherwise(col(back));
  }

  /**
   * Who can be in a pair at all: one row per user with a located message and a channel, with time,
   * place and coordinates of the latest message, and the channels.
   *
   * @param subscribers {@code user_id, channels}
   */
  public static Dataset<Row> people(Dataset<Row> timelines, Dataset<Row> subscribers) {
    return timelines
        .filter(col("is_latest"))
        .select("user_id", "time", "place", "lat", "lon")
        .join(subscribers, "user_id");
  }

  /** All that a row says of a user, worked out for each user and not for each pair. */
  private Dataset<Row> described(Dataset<Row> people, String side) {
    return people.select(
        col("user_id").as(side),
        col("channels").as(side + "_channels"),
        dictionary.idOf(col("place")).as(side + "_zone_id"),
        from_utc_timestamp(col("time"), dictionary.timezoneOf(col("place")))
            .as(side + "_local_time"));
  }

  private static Dataset<Row> acquainted(Dataset<Row> messages) {
    return messages
        .filter(col("to_user_id").isNotNull())
        .select(
            least(col("user_id"), col("to_user_id")).as("low"),
            greatest(col("user_id"), col("to_user_id")).as("high"))
        .distinct();
  }
}
