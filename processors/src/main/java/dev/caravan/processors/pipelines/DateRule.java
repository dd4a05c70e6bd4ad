package dev.caravan.processors.pipelines;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which logical date a slot of the schedule is for.
 *
 * @param daysBefore days before the slot's local date; 0 is the date itself
 */
public record DateRule(int daysBefore) {
  public static final DateRule TODAY = new DateRule(0);
  public static final DateRule YESTERDAY = new DateRule(1);

  private static final int MOST_DAYS = 366;
  private static final Pattern DAYS = Pattern.compile("-(\\d{1,3})d");

  public DateRule {
    if (daysBefore < 0 || daysBefore > MOST_DAYS) {
      throw new IllegalArgumentException("A date rule goes back 0 to 366 days, not " + daysBefore);
    }
  }

  /** Reads {@code today}, {@code yesterday} or {@code -2d}; empty if it is written otherwise. */
  static Optional<DateRule> parse(String text) {
    Matcher days = DAYS.matcher(text);
    if (text.equals("today") || text.equals("yesterday")) {
      return Optional.of(text.equals("today") ? TODAY : YESTERDAY);
    }
    return days.matches() && Integer.parseInt(days.group(1)) <= MOST_DAYS
        ? Optional.of(new DateRule(Integer.parseInt(days.group(1))))
        : Optional.empty();
  }

  /** The logical date of a slot on this local date. */
  public LocalDate of(LocalDate slot) {
    return slot.minusDays(daysBefore);
  }

  @Override
  public String toString() {
    return switch (daysBefore) {
      case 0 -> "today";
      case 1 -> "yesterday";
      default -> "-" + daysBefore + "d";
    };
  }
}
