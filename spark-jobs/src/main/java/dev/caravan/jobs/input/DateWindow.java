package dev.caravan.jobs.input;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The days that a run reads: {@code depth} days that end with the logical date, both ends included.
 */
public final class DateWindow {
  private final LocalDate last;
  private final int depth;

  /** The {@code depth} days up to and including {@code last}. */
  public DateWindow(LocalDate last, int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("a window needs at least one day, not " + depth);
    }
    this.last = last;
    this.depth = depth;
  }

  public LocalDate first() {
    return last.minusDays(depth - 1L);
  }

  /** The logical date. */
  public LocalDate last() {
    return last;
  }

  /** Number of days. */
  public int depth() {
    return depth;
  }

  /** Every day, the earliest first. */
  public List<LocalDate> days() {
    List<LocalDate> days = new ArrayList<>(depth);
    for (LocalDate day = first(); !day.isAfter(last); day = day.plusDays(1)) {
      days.add(day);
    }
    return Collections.unmodifiableList(days);
  }

  @Override
  public String toString() {
    return first() + ".." + last;
  }
}
