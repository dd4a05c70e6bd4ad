package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.input.EventType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Raw records to the layer's columns, {@code event_type}, {@code date}, and {@link #REASON}: why a
 * record can't be an event, null if it can. No row is dropped here.
 *
 * <p>An event's date is the day of its file's folder, else that of its time, in UTC. Its time is
 * {@code message_ts}, else {@code datetime}, for messages, and {@code datetime} for others; an
 * event without one is rejected, since it could have no place in any datamart.
 */
final class ParsedEventsTransform implements Function<Dataset<Row>, Dataset<Row>> {
  static final String REASON = "reason";
  static final String TYPE = "event_type";
  static final String DATE = "date";

  @Override
  public Dataset<Row> apply(Dataset<Row> raw) {
    List<Column> values = new ArrayList<>();
    List<Column> kept = new ArrayList<>();
    for (String name : Arrays.asList(RawColumns.RECORD, RawColumns.FILE)) {
      kept.add(col(name));
    }
    for (LayerColumn column : LayerColumn.ALL) {
      values.add(column.value());
      kept.add(col(column.name()));
    }
    values.add(0, col("*"));
    Column type = col(RawColumns.text(TYPE));
    Column time =
        when(type.equalTo(EventType.MESSAGE.label()), coalesce(col("message_ts"), col("datetime")))
            .otherwise(col("datetime"));
    kept.add(type.as(TYPE));
    kept.add(coalesce(col(RawColumns.DAY), to_date(time)).as(DATE));
    kept.add(coalesce(unreadable(), when(time.isNull(), lit("no time"))).as(REASON));
    return raw.select(values.toArray(new Column[0])).select(kept.toArray(new Column[0]));
  }

  /** What is wrong with the record's form, the outer faults first. */
  private static Column unreadable() {
    Object[] known = Arrays.stream(EventType.values()).map(EventType::label).toArray();
    Column type = col(RawColumns.text(TYPE));
    Column reason =
        when(col(RawColumns.FAULT).isNotNull(), col(RawColumns.FAULT))
            .when(type.isNull(), lit("no event_type"))
            .when(not(type.isin(known)), lit("unknown event_type"));
    for (LayerColumn column : LayerColumn.ALL) {
      for (Map.Entry<String, Column> fault : column.faults().entrySet()) {
        reason = reason.when(fault.getValue(), lit(fault.getKey()));
      }
    }
    return reason.otherwise(lit(null).cast(DataTypes.StringType));
  }
}
