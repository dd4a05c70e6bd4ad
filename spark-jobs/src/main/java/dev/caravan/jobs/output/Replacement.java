package dev.caravan.jobs.output;

import dev.caravan.jobs.storage.DataFiles;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replacement of partitions under a root, in the order that harms readers least; see {@link
 * PartitionWriter}.
 */
final class Replacement {
  private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

  private final SparkSession spark;
  private final Path root;
  private final List<List<Path>> groups;
  private final List<Path> partitions;
  private final FileSystem storage;
  private final PendingUploads uploads;

  /**
   * @param groups partitions that are replaced together, as soon as one of them gets new files
   */
  Replacement(SparkSession spark, Path root, List<List<Path>> groups) throws IOException {
    this.spark = spark;
    this.root = root;
    this.groups = groups;
    this.partitions = groups.stream().flatMap(List::stream).collect(Collectors.toList());
    this.storage = root.getFileSystem(spark.sessionState().newHadoopConf());
    this.uploads = PendingUploads.of(storage);
  }

  /** Writes, commits, and deletes what was there before. */
  WrittenPartition make(DataFrameWriter<Row> rows) throws IOException {
    uploads.abort(partitions);
    Committer committer = Committer.of(spark, storage, root, uploads.areListed());
    Map<Path, Map<Path, Long>> before = content();
    boolean committed = false;
    try {
      committer.during(
          spark,
          () ->
              rows.mode(SaveMode.Append)
                  .option("compression", "zstd")
                  .options(committer.options())
                  .parquet(root.toString()));
      committed = true;
    } finally {
      if (!committed) {
        undo(before);
      }
    }
    Map<Path, Map<Path, Long>> added = added(before, content());
    List<Path> replaced = new ArrayList<>();
    for (List<Path> group : groups) {
      if (group.stream().anyMatch(partition -> !added.get(partition).isEmpty())) {
        replaced.addAll(group);
      }
    }
    StorageCalls.each(
        replaced, partition -> CurrentFiles.write(storage, partition, added.get(partition)));
    List<Path> former = new ArrayList<>();
    Map<Path, Long> current = new LinkedHashMap<>();
    for (Path partition : replaced) {
      former.addAll(before.get(partition).keySet());
      current.putAll(added.get(partition));
    }
    delete(former);
    return new WrittenPartition(root.toString(), current, committer.name());
  }

  /** A commit that failed half-way may have published some files. */
  private void undo(Map<Path, Map<Path, Long>> before) {
    try {
      List<Path> published = new ArrayList<>();
      added(before, content()).values().forEach(files -> published.addAll(files.keySet()));
      delete(published);
    } catch (IOException | RuntimeException e) {
      LOG.warn("can't remove what a failed commit may have published under {}", root, e);
    }
    uploads.abortAfterFailure(partitions);
  }

  private void delete(Collection<Path> files) throws IOException {
    List<Path> kept = new ArrayList<>();
    List<Path> all = new ArrayList<>(files);
    List<Boolean> gone =
        StorageCalls.each(all, file -> storage.delete(file, false) || !storage.exists(file));
    for (int i = 0; i < all.size(); i++) {
      if (!gone.get(i)) {
        kept.add(all.get(i));
      }
    }
    if (!kept.isEmpty()) {
      throw new IOException("could not delete " + kept);
    }
  }

  /** What {@code after} has and {@code before} had not. */
  private static Map<Path, Map<Path, Long>> added(
      Map<Path, Map<Path, Long>> before, Map<Path, Map<Path, Long>> after) {
    after.forEach((partition, files) -> files.keySet().removeAll(before.get(partition).keySet()));
    return after;
  }

  /** Sizes of the files that readers see, by partition. */
  private Map<Path, Map<Path, Long>> content() throws IOException {
    List<List<FileStatus>> listed =
        StorageCalls.each(partitions, partition -> DataFiles.in(storage, partition));
    Map<Path, Map<Path, Long>> content = new LinkedHashMap<>();
    for (int i = 0; i < listed.size(); i++) {
      Map<Path, Long> sizes = new LinkedHashMap<>();
      listed.get(i).forEach(file -> sizes.put(file.getPath(), file.getLen()));
      content.put(partitions.get(i), sizes);
    }
    return content;
  }
}
