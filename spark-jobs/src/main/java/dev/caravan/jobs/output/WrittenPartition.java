package dev.caravan.jobs.output;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** What a replaced partition, or all partitions of one replacement, hold. */
public final class WrittenPartition {
  private final String path;
  private final List<Path> files;
  private final long bytes;
  private final String committer;

  WrittenPartition(String path, Map<Path, Long> sizes, String committer) {
    this.path = path;
    this.files = Collections.unmodifiableList(new ArrayList<>(sizes.keySet()));
    this.bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    this.committer = committer;
  }

  /** Nothing, nowhere. */
  static WrittenPartition none() {
    return new WrittenPartition("", Collections.emptyMap(), "");
  }

  /** Where it lies. */
  public String path() {
    return path;
  }

  /** The data files. */
  public List<Path> files() {
    return files;
  }

  /** Size of all data files. */
  public long bytes() {
    return bytes;
  }

  /** How the files came there: {@code magic}, {@code file}, or another S3A committer's name. */
  public String committer() {
    return committer;
  }
}
