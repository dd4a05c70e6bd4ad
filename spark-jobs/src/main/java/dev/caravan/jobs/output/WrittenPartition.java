package dev.caravan.jobs.output;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** What a replaced partition, or all partitions of one replacement, hold. */
public final class WrittenPartition {
  private final String path;
  private final List<Path> files;
  private final List<FileStatus> listed;
  private final long bytes;
  private final String committer;

  WrittenPartition(String path, Map<Path, Long> sizes, String committer) {
    this.path = path;
    this.files = Collections.unmodifiableList(new ArrayList<>(sizes.keySet()));
    this.listed =
        Collections.unmodifiableList(
            sizes.entrySet().stream()
                .map(file -> new FileStatus(file.getValue(), false, 1, 0, 0, file.getKey()))
                .collect(Collectors.toList()));
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

  /** The data files as a listing has them. */
  public List<FileStatus> listed() {
    return listed;
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
