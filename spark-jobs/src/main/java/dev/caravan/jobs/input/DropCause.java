package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import org.apache.spark.sql.Column;

/** Why an event is dropped. If several causes apply, the first one counts. */
public enum DropCause {
  WITHOUT_ID("rowsWithoutId", "an id that such an event must have is null"),
  BAD_ID("rowsWithBadId", "an id is not a 64-bit integer"),
  WITHOUT_TIME("rowsWithoutTime", "no column has a time"),
  BAD_TIME("rowsWithBadTime", "the time is text that is not ISO-8601"),
  OUT_OF_TIME_RANGE("rowsOutOfTimeRange", "the time lies outside " + IsoTime.RANGE);

  private final String key;
  private final String meaning;

  DropCause(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** Its name in the summary. */
  public String key() {
    return key;
  }

  /** In words. */
  public String meaning() {
    return meaning;
  }

  /** Whether a typed event is dropped for this cause. */
  Column holds(EventType type) {
    Column bad = col(TypedEventsTransform.BAD_ID);
    Column absent = absentId(type);
    switch (this) {
      case WITHOUT_ID:
        return absent.and(not(bad));
      case BAD_ID:
        return bad;
      default:
        return not(bad)
            .and(not(absent))
            .and(col(TypedEventsTransform.TIME_FAULT).equalTo(ordinal()));
    }
  }

  /** Whether an id is null that such an event must have. */
  static Column absentId(EventType type) {
    Column absent = col("user_id").isNull();
    return type == EventType.SUBSCRIPTION ? absent.or(col("channel_id").isNull()) : absent;
  }
}
