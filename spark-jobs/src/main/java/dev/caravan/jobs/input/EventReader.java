package dev.caravan.jobs.input;

import static org.apache.spark.sql.functions.col;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads partitions with the columns of each file: nothing is inferred, nothing listed twice. */
public final class EventReader {
  /** Of dated events: the day whose partition a row lies in. */
  public static final String DAY = "day";

  private final SparkSession spark;
  private final ListedFiles files;

  public EventReader(SparkSession spark) {
    this.spark = spark;
    this.files = new ListedFiles(spark);
  }

  /** The events of {@code partitions} as {@link TypedEventsTransform} has them; lazy. */
  public Dataset<Row> read(EventType type, EventPartitions partitions) {
    return read(
        partitions,
        type.columns().usual(),
        new TypedEventsTransform(type),
        (columns, days) ->
            files.parquet(
                columns,
                days.values().stream().flatMap(List::stream).collect(Collectors.toList())));
  }

  /** The same with {@link #DAY}. */
  public Dataset<Row> readDated(EventType type, EventPartitions partitions) {
    return read(
        partitions,
        type.columns().usual().add(DAY, DataTypes.DateType),
        new TypedEventsTransform(type, col(DAY)),
        (columns, days) -> files.parquet(columns, DAY, days));
  }

  private Dataset<Row> read(
      EventPartitions partitions,
      StructType usual,
      TypedEventsTransform typing,
      BiFunction<StructType, Map<LocalDate, List<FileStatus>>, Dataset<Row>> reader) {
    Optional<Dataset<Row>> typed = Optional.empty();
    for (Map.Entry<StructType, Map<LocalDate, List<FileStatus>>> alike :
        partitions.filesByColumns().entrySet()) {
      Dataset<Row> part =
          typing.apply(
              ColumnEncoding.read(
                  alike.getKey(), columns -> reader.apply(columns, alike.getValue())));
      typed = Optional.of(typed.map(parts -> parts.union(part)).orElse(part));
    }
    return typed.orElseGet(() -> typing.apply(nothing(usual)));
  }

  private Dataset<Row> nothing(StructType columns) {
    return spark.createDataFrame(Collections.<Row>emptyList(), columns);
  }
}
