package dev.caravan.jobs.input;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads partitions with explicit columns: nothing is inferred, nothing listed twice. */
public final class EventReader {
  private final SparkSession spark;

  public EventReader(SparkSession spark) {
    this.spark = spark;
  }

  /** The kept events of {@code partitions}: ids bigint, times timestamp, degrees double; lazy. */
  public Dataset<Row> read(EventType type, EventPartitions partitions) {
    TypedEventsTransform typing = new TypedEventsTransform(type);
    Optional<Dataset<Row>> typed = Optional.empty();
    for (Map.Entry<StructType, List<String>> alike : partitions.pathsByColumns().entrySet()) {
      String[] paths = alike.getValue().toArray(new String[0]);
      Dataset<Row> part = typing.apply(spark.read().schema(alike.getKey()).parquet(paths));
      typed = Optional.of(typed.map(parts -> parts.union(part)).orElse(part));
    }
    return new KeptEventsTransform(type).apply(typed.orElseGet(() -> typing.apply(nothing(type))));
  }

  private Dataset<Row> nothing(EventType type) {
    return spark.createDataFrame(Collections.<Row>emptyList(), type.columns().usual());
  }
}
