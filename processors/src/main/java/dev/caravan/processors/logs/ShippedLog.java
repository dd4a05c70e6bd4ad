package dev.caravan.processors.logs;

import dev.caravan.processors.batches.LogPage;
import dev.caravan.processors.output.S3Location;
import dev.caravan.processors.output.S3Objects;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch's log in S3, paged and framed exactly as the endpoint does it: {@code stdout: }, the
 * endpoint's own lines, lines, {@code \nstderr: }, lines, {@code \nYARN Diagnostics: }, lines. A
 * page needs one or two chunks. Immutable: what is shipped later isn't seen.
 */
public final class ShippedLog {
  /** Text of one page is kept below this; as at the endpoint. */
  private static final int PAGE_BUDGET = 4 * 1024 * 1024;

  private final LogManifest manifest;
  private final List<Section> sections;

  ShippedLog(S3Objects s3, S3Location place, LogManifest manifest) {
    this.manifest = manifest;
    this.sections =
        List.of(
            fixed(List.of("stdout: ")),
            fixed(manifest.head()),
            stream(s3, place, manifest.stdout()),
            fixed(List.of("\nstderr: ")),
            stream(s3, place, manifest.stderr()),
            fixed(List.of("\nYARN Diagnostics: ")),
            stream(s3, place, manifest.notes()));
  }

  /** What is known of the batch. */
  public LogManifest manifest() {
    return manifest;
  }

  /**
   * A page; past the end it is empty.
   *
   * @param from first line, counted from 0; below 0 means the last {@code size} lines
   * @param size number of lines, below 0 means all; fewer are given if their text is very long, and
   *     the caller asks on from where the page ended
   * @throws dev.caravan.processors.RetryableException if S3 can't be reached, or a chunk is gone
   */
  public LogPage page(int from, int size) {
    long total = sections.stream().mapToLong(Section::count).sum();
    long wanted = size < 0 ? total : size;
    long first = from < 0 ? Math.max(0, total - wanted) : from;
    return new LogPage(
        manifest.batchId(), Math.toIntExact(first), Math.toIntExact(total), read(first, wanted));
  }

  private List<String> read(long first, long wanted) {
    List<String> lines = new ArrayList<>();
    int budget = PAGE_BUDGET;
    long begin = 0;
    for (Section section : sections) {
      long skip = Math.max(0, first - begin);
      long take = Math.min(section.count() - skip, wanted - lines.size());
      if (take > 0 && budget > 0) {
        List<String> part = section.source().lines(skip, take, budget);
        lines.addAll(part);
        budget -= part.stream().mapToInt(String::length).sum();
        if (part.size() < take) {
          break; // what follows would be given wrong numbers
        }
      }
      begin += section.count();
    }
    return lines;
  }

  private static Section fixed(List<String> lines) {
    return new Section(
        lines.size(), (from, size, budget) -> lines.stream().skip(from).limit(size).toList());
  }

  private static Section stream(S3Objects s3, S3Location place, LogManifest.Stream stream) {
    return new Section(
        stream.lines(),
        (from, size, budget) -> new StreamCursor(s3, place, stream, from).lines(size, budget));
  }

  private record Section(long count, Source source) {}

  private interface Source {
    List<String> lines(long from, long size, int budget);
  }
}
