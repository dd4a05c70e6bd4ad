package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Raw columns, in whatever type a writer chose, to one form for all: ids bigint, times timestamp,
 * degrees double.
 *
 * <p>The result's columns: {@code user_id} (who sent, reacted or subscribed), {@code message_id}
 * and {@code to_user_id} or {@code channel_id} where the type has them, {@code time}, {@code lat},
 * {@code lon}, and {@link #BAD_ID}: whether an id was there that is no number. No row is dropped
 * here. Strings that are no ISO-8601 time give a null time.
 */
final class TypedEvents {
  static final String BAD_ID = "bad_id";

  private final StructType raw;
  private final List<Column> columns = new ArrayList<>();
  private Column badId = lit(false);

  private TypedEvents(StructType raw) {
    this.raw = raw;
  }

  static Dataset<Row> of(EventType type, Dataset<Row> raw) {
    TypedEvents typed = new TypedEvents(raw.schema());
    switch (type) {
      case MESSAGE:
        typed.id("message_from", "user_id");
        typed.id("message_id", "message_id");
        typed.id("message_to", "to_user_id");
        typed.time(coalesce(typed.time("message_ts"), typed.time("datetime")));
        break;
      case REACTION:
        typed.id("reaction_from", "user_id");
        typed.id("message_id", "message_id");
        typed.time(typed.time("datetime"));
        break;
      case SUBSCRIPTION:
        typed.id("user", "user_id");
        typed.id("subscription_channel", "channel_id");
        typed.time(typed.time("datetime"));
        break;
    }
    typed.degrees("lat");
    typed.degrees("lon");
    typed.columns.add(typed.badId.as(BAD_ID));
    return raw.select(typed.columns.toArray(new Column[0]));
  }

  private void id(String name, String alias) {
    if (isString(name)) {
      Column number = expr("try_cast(`" + name + "` as bigint)");
      badId = badId.or(col(name).isNotNull().and(number.isNull()));
      columns.add(number.as(alias));
    } else {
      columns.add(col(name).cast(DataTypes.LongType).as(alias));
    }
  }

  private void time(Column time) {
    columns.add(time.as("time"));
  }

  /**
   * The leading date is asked for since Spark takes a bare time of day for one of the day on which
   * it runs.
   */
  private Column time(String name) {
    return isString(name)
        ? expr(
            String.format(
                "case when substring(`%1$s`, 5, 1) = '-' and substring(`%1$s`, 8, 1) = '-'"
                    + " then try_cast(`%1$s` as timestamp) end",
                name))
        : col(name);
  }

  private void degrees(String name) {
    columns.add(col(name).cast(DataTypes.DoubleType).as(name));
  }

  private boolean isString(String name) {
    DataType type = raw.apply(name).dataType();
    return type.equals(DataTypes.StringType);
  }
}
