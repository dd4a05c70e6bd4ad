package dev.caravan.cloud.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Formats times. */
final class TimeFormat {
  private TimeFormat() {}

  static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  /**
   * @param sorted ascending
   */
  static String of(List<Duration> sorted) {
    if (sorted.isEmpty()) {
      return "never";
    }
    return String.format(
        Locale.ROOT,
        "median %.1f s, worst %.1f s (of %d)",
        seconds(sorted.get(sorted.size() / 2)),
        seconds(sorted.get(sorted.size() - 1)),
        sorted.size());
  }
}
