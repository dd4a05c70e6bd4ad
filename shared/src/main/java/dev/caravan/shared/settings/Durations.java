package dev.caravan.shared.settings;

import java.time.Duration;

/**
 * Durations as people write them in the settings: {@code 15s}, {@code 30m}, {@code 24h}, {@code
 * 500ms}, {@code 7d}.
 */
public final class Durations {
  private Durations() {}

  /** The largest unit that says it exactly. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    return minutes % 60 != 0 ? minutes + "m" : minutes / 60 + "h";
  }

  /**
   * Reads a number with its unit.
   *
   * @throws IllegalArgumentException when the text isn't one
   */
  public static Duration parse(String text) {
    java.util.regex.Matcher matcher =
        java.util.regex.Pattern.compile("(\\d{1,9})(ms|s|m|h|d)").matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number with a unit ms, s, m, h or d");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
