package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * Raw columns, in whatever type a writer chose, to one form for all: ids bigint, times timestamp,
 * degrees double.
 *
 * <p>The result's columns: {@code user_id} (who sent, reacted or subscribed), {@code message_id}
 * and {@code to_user_id} or {@code channel_id} where the type has them, {@code time}, {@code lat},
 * {@code lon}, {@link #BAD_ID}: whether an id was there that is no number, and {@link #TIME_FAULT}.
 * No row is dropped here. What is no time that an event can have happened at gives a null time.
 */
public final class TypedEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  /** Boolean column of the result, to be dropped once it was looked at. */
  public static final String BAD_ID = "bad_id";

  /** Int column of the result, null with a usable time: ordinal of the {@link DropCause}. */
  public static final String TIME_FAULT = "time_fault";

  private static final String TIME = "time";

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
    private Column unreadable = lit(false);

    Typing(Dataset<Row> raw) {
      this.raw = raw;
    }

    void id(String name, String alias) {
      DataType type = raw.schema().apply(name).dataType();
      if (isString(name) || type instanceof DecimalType) {
        Column number = isString(name) ? integer(col(name)) : integral(name);
        badId = badId.or(col(name).isNotNull().and(number.isNull()));
        columns.add(number.as(alias));
      } else {
        columns.add(col(name).cast(DataTypes.LongType).as(alias));
      }
    }

    /**
     * The number that a text tells; null if it is none of 64 bits. Spark's cast also takes 12.7, as
     * 12.
     *
     * <p>Expressions that every application needs are not written in SQL: the first use of Spark's
     * parser takes two seconds of processor time.
     */
    private static Column integer(Column text) {
      return when(not(text.contains(".")), text.cast(DataTypes.LongType));
    }

    private static Column integral(String decimal) {
      return expr("try_cast(`" + decimal + "` as bigint)");
    }

    /** The first of {@code names} that tells a time. */
    void time(String... names) {
      List<Column> times = new ArrayList<>();
      for (String name : names) {
        if (isString(name)) {
          times.add(IsoTime.of(name));
          unreadable = unreadable.or(col(name).isNotNull());
        } else {
          times.add(col(name).cast(DataTypes.TimestampType));
        }
      }
      columns.add(coalesce(times.toArray(new Column[0])).as(TIME));
    }

    void degrees(String name) {
      columns.add(col(name).cast(DataTypes.DoubleType).as(name));
    }

    private boolean isString(String name) {
      return raw.schema().apply(name).dataType().equals(DataTypes.StringType);
    }

    Dataset<Row> typed() {
      columns.add(badId.as(BAD_ID));
      columns.add(unreadable.as(TIME_FAULT));
      Column inRange = IsoTime.inRange(col(TIME));
      return raw.select(columns.toArray(new Column[0]))
          .withColumn(
              TIME_FAULT,
              when(inRange, lit(null).cast(DataTypes.IntegerType))
                  .when(col(TIME).isNotNull(), DropCause.OUT_OF_TIME_RANGE.ordinal())
                  .when(col(TIME_FAULT), DropCause.BAD_TIME.ordinal())
                  .otherwise(DropCause.WITHOUT_TIME.ordinal()))
          .withColumn(TIME, when(inRange, col(TIME)));
    }
  }
}
