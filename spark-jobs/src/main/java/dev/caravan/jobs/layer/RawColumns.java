package dev.caravan.jobs.layer;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What is read of a raw record, all fields as text: numbers as their digits, lists and objects as
 * JSON. So a field of another type than it should have costs this field's reading, not the record.
 */
final class RawColumns {
  /** The raw record, whole. */
  static final String RECORD = "record";

  /** The file it stands in. */
  static final String FILE = "file";

  /** The day that the file's folder tells, a date; null if none does. */
  static final String DAY = "day";

  /** Why it is no object with an object {@code event} in it; null if it is. */
  static final String FAULT = "fault";

  /** Fields beside {@code event}. */
  static final List<String> OUTER =
      Collections.unmodifiableList(Arrays.asList("event_type", "lat", "lon"));

  /** Fields within {@code event}. */
  static final List<String> INNER =
      Collections.unmodifiableList(
          Arrays.asList(
              "admins",
              "channel_id",
              "datetime",
              "media",
              "message",
              "message_channel_to",
              "message_from",
              "message_group",
              "message_id",
              "message_to",
              "message_ts",
              "reaction_from",
              "reaction_type",
              "subscription_channel",
              "subscription_user",
              "tags",
              "user"));

  /** A record as JSON is read. */
  static final StructType NESTED = texts(OUTER).add("event", texts(INNER));

  private RawColumns() {}

  private static StructType texts(List<String> names) {
    return DataTypes.createStructType(
        names.stream()
            .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
            .toArray(StructField[]::new));
  }

  /** The column that holds a field's text. */
  static String text(String field) {
    return "raw_" + field;
  }
}
