package dev.caravan.routes.cli;

import dev.caravan.routes.operations.LogRequest;
import dev.caravan.routes.operations.LogView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints a log, or what is new in it. */
public final class LogPrinter {
  /** How its three parts begin, as at the endpoint. */
  private static final List<String> HEADS =
      List.of("stdout: ", "\nstderr: ", "\nYARN Diagnostics: ");

  private final LogPages pages;
  private final PrintWriter out;
  private final long[] printed = new long[HEADS.size()];
  private int shown = -1;

  public LogPrinter(LogPages pages, PrintWriter out) {
    this.pages = pages;
    this.out = out;
  }

  /**
   * Prints lines.
   *
   * @param from first line, counted from 0; below 0: the last {@code size} lines
   * @param size how many lines; below 0: all
   * @return the first page that was read
   */
  public LogView print(int from, int size) {
    LogView first =
        size < 0
            ? pages.page(Math.max(0, from), LogRequest.MOST)
            : pages.page(from, Math.min(size, LogRequest.MOST));
    LogView page = first;
    long done = print(page.lines());
    while (!page.lines().isEmpty() && page.from() + page.lines().size() < page.total()) {
      if (size >= 0 && done >= size) {
        break;
      }
      // A page of very long lines ends early.
      page =
          pages.page(
              page.from() + page.lines().size(),
              size < 0 ? LogRequest.MOST : (int) Math.min(size - done, LogRequest.MOST));
      done += print(page.lines());
    }
    out.flush();
    return first;
  }

  private int print(List<String> lines) {
    lines.forEach(out::println);
    return lines.size();
  }

  /**
   * Prints what has come since the last call. Each part grows at its own end, so what is new may
   * stand in the middle of the log; the name of its part is printed before it.
   *
   * @return whether the log is complete, so that nothing more comes
   */
  boolean printNew() {
    boolean complete = true;
    long begin = 0;
    for (int part = 0; part < HEADS.size(); part++) {
      // The head of a part stands before its lines.
      long at = begin + 1 + printed[part];
      List<String> fresh = new ArrayList<>();
      LogView page = pages.page(at, LogRequest.MOST);
      complete = complete && page.complete();
      int end = end(page.lines(), part);
      fresh.addAll(page.lines().subList(0, end));
      while (end == page.lines().size() && !page.lines().isEmpty() && at + end < page.total()) {
        at += end;
        page = pages.page(at, LogRequest.MOST);
        end = end(page.lines(), part);
        fresh.addAll(page.lines().subList(0, end));
      }
      begin = at + end;
      tell(part, fresh, page.complete());
    }
    out.flush();
    return complete;
  }

  /** Where the next part begins in these lines; their number, if not in them. */
  private static int end(List<String> lines, int part) {
    int next = part + 1 < HEADS.size() ? lines.indexOf(HEADS.get(part + 1)) : -1;
    return next < 0 ? lines.size() : next;
  }

  /** The last line of what is still written may not be whole. */
  private void tell(int part, List<String> fresh, boolean complete) {
    int whole = complete ? fresh.size() : fresh.size() - 1;
    if (whole <= 0) {
      return;
    }
    if (shown != part) {
      out.println(HEADS.get(part));
      shown = part;
    }
    print(fresh.subList(0, whole));
    printed[part] += whole;
  }
}
