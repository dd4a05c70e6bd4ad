package dev.caravan.processors.parquet;

/** How many bytes may still be read and decompressed. */
final class ReadBudget {
  private long left;

  ReadBudget(long bytes) {
    this.left = bytes;
  }

  /**
   * Takes so many.
   *
   * @throws IllegalArgumentException if they are not left
   */
  void take(long bytes) {
    if (bytes < 0 || bytes > left) {
      throw new IllegalArgumentException("its pages are too large to be shown");
    }
    left -= bytes;
  }
}
