package dev.caravan.shared.batches;

import java.util.ArrayList;
import java.util.List;

/**
 * The log of one batch, framed as Livy frames it and paged by line numbers: {@code stdout: }, the
 * endpoint's own lines, lines, {@code \nstderr: }, lines, {@code \nYARN Diagnostics: }, lines. The
 * endpoint and the reader of a shipped log use it to produce the same pages.
 */
public final class PagedLog {
  /**
   * Maximum text of one page, in bytes; a caller requests the next page from where this one ended.
   */
  public static final int PAGE_BUDGET = 4 * 1024 * 1024;

  /** Lines by number, counted from 0 within their section. */
  @FunctionalInterface
  public interface Lines {
    /** At most {@code size} lines; fewer if their text exceeds the budget, but at least one. */
    List<String> read(long from, long size, int budget);
  }

  /**
   * A part of the log.
   *
   * @param count its lines by now
   */
  public record Section(long count, Lines lines) {
    /** Lines that are at hand. */
    public static Section of(List<String> lines) {
      return new Section(
          lines.size(), (from, size, budget) -> lines.stream().skip(from).limit(size).toList());
    }
  }

  private final List<Section> sections;

  /**
   * A log of four parts.
   *
   * @param head the endpoint's own lines, which stand first
   * @param notes what the endpoint had to say, last
   */
  public PagedLog(Section head, Section stdout, Section stderr, Section notes) {
    this.sections =
        List.of(
            Section.of(List.of("stdout: ")),
            head,
            stdout,
            Section.of(List.of("\nstderr: ")),
            stderr,
            Section.of(List.of("\nYARN Diagnostics: ")),
            notes);
  }

  /**
   * A page; past the end it is empty.
   *
   * @param from first line, counted from 0; below 0 means the last {@code size} lines
   * @param size number of lines, below 0 means all; fewer are given if their text is very long
   */
  public LogPage page(long from, long size) {
    long total = sections.stream().mapToLong(Section::count).sum();
    long wanted = size < 0 ? total : size;
    long first = from < 0 ? Math.max(0, total - wanted) : from;
    return new LogPage(first, total, read(first, wanted));
  }

  private List<String> read(long first, long wanted) {
    List<String> lines = new ArrayList<>();
    int budget = PAGE_BUDGET;
    long begin = 0;
    for (Section section : sections) {
      long skip = Math.max(0, first - begin);
      long take = Math.min(section.count() - skip, wanted - lines.size());
      if (take > 0 && budget > 0) {
        List<String> part = section.lines().read(skip, take, budget);
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
}
