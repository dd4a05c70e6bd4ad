package dev.caravan.processors.logs;

import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Objects;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.PagedLog;

/**
 * A batch's log in S3, paged and framed exactly as the endpoint does it. A page needs one or two
 * chunks. Immutable: what is shipped later isn't seen.
 */
public final class ShippedLog {
  private final LogManifest manifest;
  private final PagedLog log;

  ShippedLog(S3Objects s3, S3Location place, LogManifest manifest) {
    this.manifest = manifest;
    this.log =
        new PagedLog(
            PagedLog.Section.of(manifest.head()),
            section(s3, place, manifest.stdout()),
            section(s3, place, manifest.stderr()),
            section(s3, place, manifest.notes()));
  }

  /** What is known of the batch. */
  public LogManifest manifest() {
    return manifest;
  }

  /**
   * A page, as {@link PagedLog#page} gives it.
   *
   * @throws dev.caravan.shared.RetryableException if S3 can't be reached, or a chunk is gone
   */
  public LogPage page(long from, long size) {
    return log.page(from, size);
  }

  private static PagedLog.Section section(
      S3Objects s3, S3Location place, LogManifest.Stream stream) {
    return new PagedLog.Section(
        stream.lines(),
        (from, size, budget) -> new StreamCursor(s3, place, stream, from).lines(size, budget));
  }
}
