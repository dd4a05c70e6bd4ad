package dev.caravan.jobs.output;

/** What a replaced partition holds. */
public final class WrittenPartition {
  private final String path;
  private final int files;
  private final long bytes;

  WrittenPartition(String path, int files, long bytes) {
    this.path = path;
    this.files = files;
    this.bytes = bytes;
  }

  /** Where it lies. */
  public String path() {
    return path;
  }

  /** Number of data files. */
  public int files() {
    return files;
  }

  /** Size of all data files. */
  public long bytes() {
    return bytes;
  }
}
