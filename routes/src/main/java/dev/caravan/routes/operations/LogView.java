package dev.caravan.routes.operations;

import java.util.List;

/**
 * A page of a log: first stdout, then stderr, then the endpoint's notes.
 *
 * @param source where it was read
 * @param complete whether nothing will follow what is there now
 * @param from the first of these lines, counted from 0
 * @param total how many lines there are now
 */
public record LogView(
    String run,
    String job,
    int attempt,
    Source source,
    boolean complete,
    long from,
    long total,
    List<String> lines) {

  /** Where a log is read. */
  public enum Source {
    /** On the cluster, as it is now. */
    ENDPOINT,
    /** In S3, as it was shipped. */
    S3
  }

  public LogView {
    lines = List.copyOf(lines);
  }
}
