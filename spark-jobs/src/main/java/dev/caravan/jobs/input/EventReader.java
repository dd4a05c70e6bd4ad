package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads partitions with explicit columns: nothing is inferred, nothing listed twice. */
public final class EventReader {
  /** Of dated events: the day whose partition a row lies in. */
  public static final String DAY = "day";

  /** As it stands in paths. */
  private static final String DATE = "date";

  private final SparkSession spark;

  public EventReader(SparkSession spark) {
    this.spark = spark;
  }

  /** The events of {@code partitions} as {@link TypedEventsTransform} has them; lazy. */
  public Dataset<Row> read(EventType type, EventPartitions partitions) {
    return read(
        partitions,
        spark.read(),
        type.columns().usual(),
        columns -> columns,
        new TypedEventsTransform(type));
  }

  /** The same with {@link #DAY}. */
  public Dataset<Row> readDated(EventType type, EventPartitions partitions) {
    return read(
        partitions,
        spark.read().option("basePath", partitions.folder().toString()),
        type.columns().usual(),
        columns -> columns.add(DATE, DataTypes.DateType),
        new TypedEventsTransform(type, col(DATE).as(DAY)));
  }

  private Dataset<Row> read(
      EventPartitions partitions,
      DataFrameReader reader,
      StructType usual,
      UnaryOperator<StructType> columns,
      TypedEventsTransform typing) {
    Optional<Dataset<Row>> typed = Optional.empty();
    for (Map.Entry<StructType, List<String>> alike : partitions.pathsByColumns().entrySet()) {
      String[] paths = alike.getValue().toArray(new String[0]);
      Dataset<Row> part = typing.apply(reader.schema(columns.apply(alike.getKey())).parquet(paths));
      typed = Optional.of(typed.map(parts -> parts.union(part)).orElse(part));
    }
    return typed.orElseGet(() -> typing.apply(nothing(columns.apply(usual))));
  }

  private Dataset<Row> nothing(StructType columns) {
    return spark.createDataFrame(Collections.<Row>emptyList(), columns);
  }
}
