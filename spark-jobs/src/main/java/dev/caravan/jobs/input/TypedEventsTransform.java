package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Raw columns, in whatever type a writer chose, to one form for all: ids bigint, times timestamp,
 * degrees double.
 *
 * <p>The result's columns: {@code user_id} (who sent, reacted or subscribed), {@code message_id}
 * and {@code to_user_id} or {@code channel_id} where the type has them, {@code time}, {@code lat},
 * {@code lon}, and {@link #BAD_ID}: whether an id was there that is no number. No row is dropped
 * here. A string that is no ISO-8601 time gives a null time.
 */
public final class TypedEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /** Boolean column of the result, to be dropped once it was looked at. */
  public static final String BAD_ID = "bad_id";

  private final EventType type;
  private final List<Column> further;

  /**
   * @param further columns of the raw events to be carried along
   */
  public TypedEventsTransform(EventType type, Column... further) {
    this.type = type;
    this.further = Arrays.asList(further);
  }

  @Override
  public Dataset<Row> apply(Dataset<Row> raw) {
    Typing typing = new Typing(raw);
    switch (type) {
      case MESSAGE:
        typing.id("message_from", "user_id");
        typing.id("message_id", "message_id");
        typing.id("message_to", "to_user_id");
        typing.time("message_ts", "datetime");
        break;
      case REACTION:
        typing.id("reaction_from", "user_id");
        typing.id("message_id", "message_id");
        typing.time("datetime");
        break;
      case SUBSCRIPTION:
        typing.id("user", "user_id");
        typing.id("subscription_channel", "channel_id");
        typing.time("datetime");
        break;
    }
    typing.degrees("lat");
    typing.degrees("lon");
    typing.columns.addAll(further);
    return typing.typed();
  }

  /** The columns gathered for one dataset. */
  private static final class Typing {
    private final Dataset<Row> raw;
    private final List<Column> columns = new ArrayList<>();
    private Column badId = lit(false);

    Typing(Dataset<Row> raw) {
      this.raw = raw;
    }

    void id(String name, String alias) {
      if (isString(name)) {
        Column number = expr("try_cast(`" + name + "` as bigint)");
        badId = badId.or(col(name).isNotNull().and(number.isNull()));
        columns.add(number.as(alias));
      } else {
        columns.add(col(name).cast(DataTypes.LongType).as(alias));
      }
    }

    /** The first of {@code names} that is not null. */
    void time(String... names) {
      List<Column> times = new ArrayList<>();
      for (String name : names) {
        times.add(isString(name) ? parsed(name) : col(name));
      }
      columns.add(coalesce(times.toArray(new Column[0])).as("time"));
    }

    /**
     * A date is asked for, since Spark takes a bare time of day for one of the day it runs on. The
     * Z of UTC, which is the session's zone anyway, is taken off: with a zone in the string Spark
     * compiles two regular expressions for each row.
     */
    private static Column parsed(String name) {
      return expr(
          String.format(
              "case when substring(`%1$s`, 5, 1) = '-' and substring(`%1$s`, 8, 1) = '-'"
                  + " then try_cast("
                  + "case when endswith(`%1$s`, 'Z') and substring(`%1$s`, 17, 1) = ':'"
                  + " and translate(substring(`%1$s`, 18, length(`%1$s`) - 18), '0123456789.', '') = ''"
                  + " then substring(`%1$s`, 1, length(`%1$s`) - 1) else `%1$s` end"
                  + " as timestamp) end",
              name));
    }

    void degrees(String name) {
      columns.add(col(name).cast(DataTypes.DoubleType).as(name));
    }

    private boolean isString(String name) {
      return raw.schema().apply(name).dataType().equals(DataTypes.StringType);
    }

    Dataset<Row> typed() {
      columns.add(badId.as(BAD_ID));
      return raw.select(columns.toArray(new Column[0]));
    }
  }
}
