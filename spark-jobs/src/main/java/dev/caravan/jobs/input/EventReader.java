package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
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
    TypedEventsTransform typing = new TypedEventsTransform(type);
    Optional<Dataset<Row>> typed = Optional.empty();
    for (Map.Entry<StructType, List<String>> alike : partitions.pathsByColumns().entrySet()) {
      typed = with(typed, typing.apply(parquet(spark.read().schema(alike.getKey()), alike)));
    }
    return typed.orElseGet(() -> typing.apply(nothing(type.columns().usual())));
  }

  /** The same with {@link #DAY}. */
  public Dataset<Row> readDated(EventType type, EventPartitions partitions) {
    Column day = col(DATE).as(DAY);
    TypedEventsTransform typing = new TypedEventsTransform(type, day);
    Optional<Dataset<Row>> typed = Optional.empty();
    for (Map.Entry<StructType, List<String>> alike : partitions.pathsByColumns().entrySet()) {
      DataFrameReader reader =
          spark
              .read()
              .schema(alike.getKey().add(DATE, DataTypes.DateType))
              .option("basePath", partitions.folder().toString());
      typed = with(typed, typing.apply(parquet(reader, alike)));
    }
    return typed.orElseGet(
        () -> typing.apply(nothing(type.columns().usual().add(DATE, DataTypes.DateType))));
  }

  private static Dataset<Row> parquet(
      DataFrameReader reader, Map.Entry<StructType, List<String>> alike) {
    return reader.parquet(alike.getValue().toArray(new String[0]));
  }

  private static Optional<Dataset<Row>> with(Optional<Dataset<Row>> parts, Dataset<Row> part) {
    return Optional.of(parts.map(before -> before.union(part)).orElse(part));
  }

  private Dataset<Row> nothing(StructType columns) {
    return spark.createDataFrame(Collections.<Row>emptyList(), columns);
  }
}
