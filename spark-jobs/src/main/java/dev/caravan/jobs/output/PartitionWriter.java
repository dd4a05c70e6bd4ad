package dev.caravan.jobs.output;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Replaces partitions, and nothing beside them.
 *
 * <p>New files get names of their own and join the old ones at the commit; only then the old ones
 * are deleted. So readers always find data: the old rows until the commit, the new ones after the
 * deletion, and between, for as long as the deletion takes, both. A job that is killed before the
 * commit leaves the old rows, one that is killed after it leaves both until the next run for the
 * same date, which deletes whatever was there before it. The other order would leave nothing.
 *
 * <p>S3 can't switch several objects at once, but one: {@code _current.json} in the partition names
 * its files. It is written after the commit and before the deletion, so at any moment, that of a
 * kill included, the files it names are there and are one version. A reader that can't do with both
 * reads those. ({@code _SUCCESS} would not do: the S3A committers take it away when a write
 * begins.)
 *
 * <p>Uploads that a killed job has left pending are aborted before a write and after a failed one.
 * Two applications must not write the same partition at the same time.
 */
public final class PartitionWriter {
  private final SparkSession spark;

  public PartitionWriter(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Writes {@code rows} as the only content of {@code partition}.
   *
   * @param files how many files to write
   */
  public WrittenPartition replace(Dataset<Row> rows, Path partition, int files) throws IOException {
    List<Path> alone = Collections.singletonList(partition);
    return new Replacement(spark, partition, Collections.singletonList(alone))
        .make(rows.coalesce(files).write());
  }

  /**
   * Writes {@code rows} to partitions under {@code root}. Two applications must not do that for one
   * root at the same time.
   *
   * @param columns that name a row's partition
   * @param groups partitions that are replaced together: all of a group as soon as there are rows
   *     for one of them, else none. No row may belong elsewhere.
   */
  public WrittenPartition replaceWithin(
      Path root, List<String> columns, List<List<Path>> groups, Dataset<Row> rows)
      throws IOException {
    return new Replacement(spark, root, groups)
        .make(rows.write().partitionBy(columns.toArray(new String[0])));
  }
}
