package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;

import dev.caravan.jobs.input.ListedFiles;
import dev.caravan.jobs.output.PartitionWriter;
import dev.caravan.jobs.output.WrittenPartition;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The records that can't be read, stored unchanged, each with the reason and its file. */
final class Rejects {
  private static final double FILE_BYTES = 128L << 20;
  private static final int MOST_REASONS = 30;

  private final SparkSession spark;
  private final Path path;

  /** Those of the run for {@code date}, beside the layer under {@code tgt}. */
  Rejects(SparkSession spark, Path tgt, LocalDate date) {
    this.spark = spark;
    this.path = new Path(tgt, "_rejected/date=" + date);
  }

  Path path() {
    return path;
  }

  /**
   * Replaces what an earlier run has rejected. Reads the raw files once more, if there is anything
   * to reject: mostly there is not.
   *
   * @param rawBytes size of all raw files
   */
  WrittenPartition write(Dataset<Row> parsed, RecordCounts counts, long rawBytes)
      throws IOException {
    Dataset<Row> rejected =
        parsed
            .filter(col(ParsedEventsTransform.REASON).isNotNull())
            .select(
                col(ParsedEventsTransform.REASON),
                RawTable.valid(col(RawColumns.RECORD)).as(RawColumns.RECORD),
                ListedFiles.NAME.apply(col(RawColumns.FILE)).as(RawColumns.FILE));
    double share = counts.rejected() / Math.max(1.0, counts.read());
    int files = 1 + (int) (rawBytes * share / FILE_BYTES);
    return new PartitionWriter(spark)
        .replace(
            counts.rejected() == 0
                ? spark.createDataFrame(Collections.<Row>emptyList(), rejected.schema())
                : rejected.repartition(files),
            path,
            files);
  }

  /** How many records were rejected for which reason, the most frequent first. */
  Map<String, Long> reasons(WrittenPartition rejects) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    new ListedFiles(spark)
        .parquet(
            new StructType().add(ParsedEventsTransform.REASON, DataTypes.StringType),
            rejects.listed())
        .groupBy(ParsedEventsTransform.REASON)
        .count()
        .orderBy(col("count").desc(), col(ParsedEventsTransform.REASON))
        .limit(MOST_REASONS)
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    return reasons;
  }
}
