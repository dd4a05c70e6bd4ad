package dev.caravan.processors.notifications;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of the day in which only what is urgent is sent.
 *
 * @param from when it begins
 * @param to when it ends; before {@code from}: on the next day
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
  private static final Pattern FORM =
      Pattern.compile("(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)\\s+(\\S+)");

  /**
   * Reads {@code 22:00-07:00 Europe/Moscow}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static QuietHours parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    try {
      if (matcher.matches()) {
        QuietHours hours =
            new QuietHours(
                LocalTime.parse(matcher.group(1)),
                LocalTime.parse(matcher.group(2)),
                ZoneId.of(matcher.group(3)));
        if (!hours.from.equals(hours.to)) {
          return hours;
        }
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    throw new IllegalArgumentException("'" + text + "' is no time of the day with its zone");
  }

  /** Whether the moment is in it: its begin is, its end is not. */
  public boolean contains(Instant moment) {
    LocalTime time = moment.atZone(zone).toLocalTime();
    boolean begun = !time.isBefore(from);
    boolean notEnded = time.isBefore(to);
    return from.isBefore(to) ? begun && notEnded : begun || notEnded;
  }
}
