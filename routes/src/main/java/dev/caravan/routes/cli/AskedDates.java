package dev.caravan.routes.cli;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Logical dates as a person asks for them: {@code 2026-11-21}, {@code today}, {@code yesterday},
 * {@code -3d}, or a span of two of these, {@code 2026-11-01..yesterday}.
 *
 * @param to the last one, included
 */
public record AskedDates(Day from, Day to) {

  /**
   * A date, or how many days it is back from today.
   *
   * @param back only where there is no fixed one
   */
  record Day(Optional<LocalDate> fixed, int back) {
    private static Day of(String text) {
      if (text.equals("today")) {
        return new Day(Optional.empty(), 0);
      }
      if (text.equals("yesterday")) {
        return new Day(Optional.empty(), 1);
      }
      if (text.matches("-\\d{1,4}d")) {
        return new Day(Optional.empty(), Integer.parseInt(text.substring(1, text.length() - 1)));
      }
      // Without this, +12026-11-21 would be a date, too.
      if (text.length() != "2026-11-21".length()) {
        throw new IllegalArgumentException();
      }
      return new Day(Optional.of(LocalDate.parse(text)), 0);
    }

    LocalDate on(LocalDate today) {
      return fixed.orElseGet(() -> today.minusDays(back));
    }
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException in a sentence if they are none
   */
  static AskedDates of(String text) {
    String[] ends = text.split("\\.\\.", -1);
    try {
      if (ends.length == 1) {
        Day day = Day.of(text);
        return new AskedDates(day, day);
      }
      if (ends.length == 2) {
        return new AskedDates(Day.of(ends[0]), Day.of(ends[1]));
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      // Said below, in the same words.
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is not a date: write 2026-11-21, today, yesterday or -3d (three days ago), or a span of two, such as 2026-11-01..yesterday");
  }

  public LocalDate first(LocalDate today) {
    return from.on(today);
  }

  public LocalDate last(LocalDate today) {
    return to.on(today);
  }

  /**
   * Each of the dates.
   *
   * @throws IllegalArgumentException in a sentence if the last one is before the first
   */
  public List<LocalDate> all(LocalDate today) {
    if (last(today).isBefore(first(today))) {
      throw new IllegalArgumentException(
          "The last date, %s, is before the first, %s.".formatted(last(today), first(today)));
    }
    return first(today).datesUntil(last(today).plusDays(1)).toList();
  }
}
