package dev.caravan.jobs.input;

import java.util.List;
import java.util.Map;
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
    Dataset<Row> typed = TypedEvents.of(type, nothing(type));
    boolean first = true;
    for (Map.Entry<StructType, List<String>> alike : partitions.pathsByColumns().entrySet()) {
      Dataset<Row> part =
          TypedEvents.of(
              type,
              spark.read().schema(alike.getKey()).parquet(alike.getValue().toArray(new String[0])));
      typed = first ? part : typed.union(part);
      first = false;
    }
    return KeptEvents.of(type, typed);
  }

  private Dataset<Row> nothing(EventType type) {
    return spark.createDataFrame(java.util.Collections.<Row>emptyList(), type.columns().usual());
  }
}
