package dev.caravan.jobs.output;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Replaces one partition, and nothing beside it.
 *
 * <p>New files get names of their own and join the old ones at the commit; only then the old ones
 * are deleted. So the former partition is whole until the new one is: a crash before the commit
 * leaves the old rows, one after it leaves both until the next run, and at no moment is there
 * nothing to read. Works with any committer; Hadoop's own one is held to its first algorithm, since
 * the second publishes the files of each task before the job has succeeded.
 */
public final class PartitionWriter {
  private final Configuration conf;

  public PartitionWriter(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Writes {@code rows} as the only content of {@code partition}.
   *
   * @param files how many files to write
   */
  public WrittenPartition replace(Dataset<Row> rows, Path partition, int files) throws IOException {
    FileSystem storage = partition.getFileSystem(conf);
    Map<Path, Long> before = content(storage, partition);
    try {
      rows.coalesce(files)
          .write()
          .mode(SaveMode.Append)
          .option("compression", "zstd")
          .option("mapreduce.fileoutputcommitter.algorithm.version", "1")
          .parquet(partition.toString());
    } catch (RuntimeException failure) {
      undo(storage, partition, before, failure);
      throw failure;
    }
    delete(storage, before.keySet());
    Map<Path, Long> after = content(storage, partition);
    return new WrittenPartition(
        partition.toString(),
        after.size(),
        after.values().stream().mapToLong(Long::longValue).sum());
  }

  /** A commit that failed half-way may have published some files. */
  private static void undo(
      FileSystem storage, Path partition, Map<Path, Long> before, RuntimeException failure) {
    try {
      Map<Path, Long> published = content(storage, partition);
      published.keySet().removeAll(before.keySet());
      delete(storage, published.keySet());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void delete(FileSystem storage, Iterable<Path> files) throws IOException {
    List<Path> kept = new ArrayList<>();
    for (Path file : files) {
      if (!storage.delete(file, false) && storage.exists(file)) {
        kept.add(file);
      }
    }
    if (!kept.isEmpty()) {
      throw new IOException("could not delete the former files " + kept);
    }
  }

  /** Sizes of the files that readers see. */
  private static Map<Path, Long> content(FileSystem storage, Path partition) throws IOException {
    Map<Path, Long> content = new LinkedHashMap<>();
    try {
      for (FileStatus status : storage.listStatus(partition)) {
        String name = status.getPath().getName();
        if (status.isFile() && !name.startsWith("_") && !name.startsWith(".")) {
          content.put(status.getPath(), status.getLen());
        }
      }
    } catch (FileNotFoundException e) {
      return content;
    }
    return content;
  }
}
