package dev.caravan.jobs.sample;

import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Literal events in the raw layout, ids and times as strings, so that a test can hold anything;
 * {@link #stored} gives them the types of the contract.
 */
public final class RawEvents {
  private static final StructType MESSAGE =
      StructType.fromDDL(
          "message_id string, message_from string, message_to string, message_ts string, datetime string,"
              + " lat double, lon double");
  private static final StructType REACTION =
      StructType.fromDDL(
          "message_id string, reaction_from string, datetime string, lat double, lon double");
  private static final StructType SUBSCRIPTION =
      StructType.fromDDL(
          "user string, subscription_channel string, datetime string, lat double, lon double");

  private final List<Row> messages = new ArrayList<>();
  private final List<Row> reactions = new ArrayList<>();
  private final List<Row> subscriptions = new ArrayList<>();

  /** A message to a channel. */
  public RawEvents message(Object id, Object from, String time, Double lat, Double lon) {
    messages.add(RowFactory.create(text(id), text(from), null, null, time, lat, lon));
    return this;
  }

  /** A message to a user. */
  public RawEvents direct(Object id, Object from, Object to, String time, Double lat, Double lon) {
    messages.add(RowFactory.create(text(id), text(from), text(to), time, null, lat, lon));
    return this;
  }

  public RawEvents reaction(Object on, Object from, String time, Double lat, Double lon) {
    reactions.add(RowFactory.create(text(on), text(from), time, lat, lon));
    return this;
  }

  public RawEvents subscription(Object user, Object channel, String time, Double lat, Double lon) {
    subscriptions.add(RowFactory.create(text(user), text(channel), time, lat, lon));
    return this;
  }

  /** A subscription where the place is of no interest. */
  public RawEvents subscription(Object user, Object channel) {
    return subscription(user, channel, "2022-05-01T00:00:00", null, null);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  public Dataset<Row> messages(SparkSession spark) {
    return spark.createDataFrame(messages, MESSAGE);
  }

  public Dataset<Row> reactions(SparkSession spark) {
    return spark.createDataFrame(reactions, REACTION);
  }

  public Dataset<Row> subscriptions(SparkSession spark) {
    return spark.createDataFrame(subscriptions, SUBSCRIPTION);
  }

  /** The same with ids as numbers and times as timestamps, as the contract has it. */
  public static Dataset<Row> stored(Dataset<Row> raw) {
    return raw.selectExpr(
        java.util.Arrays.stream(raw.columns())
            .map(
                name ->
                    switch (name) {
                      case "message_id", "message_from", "message_to", "subscription_channel" ->
                          "try_cast(" + name + " as bigint) as " + name;
                      case "message_ts", "datetime" ->
                          "try_cast(" + name + " as timestamp) as " + name;
                      default -> name;
                    })
            .toArray(String[]::new));
  }

  /** A time in UTC as rows hold it. */
  public static Timestamp utc(String time) {
    return Timestamp.from(LocalDateTime.parse(time).toInstant(ZoneOffset.UTC));
  }
}
