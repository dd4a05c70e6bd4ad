package dev.caravan.processors.pipelines;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.processors.schedule.Slots;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the section {@code schedule}. */
final class ScheduleReader {
  private static final List<String> CATCH_UPS = words(CatchUp.values());
  private static final List<String> OVERLAPS = words(Overlap.values());

  private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");
  private static final String TIME_EXAMPLE = "a time of day from 00:00 to 23:59, such as \"07:00\"";

  private ScheduleReader() {}

  static Optional<PipelineSchedule> read(YamlValue value) {
    YamlMapping section = YamlMapping.of(value, PipelineKeys.SCHEDULE);
    Optional<String> cron = section.find("cron").flatMap(ScheduleReader::cron);
    Optional<Duration> every = section.duration("every", "1s", "366d");
    ZoneId zone = section.find("zone").flatMap(ScheduleReader::zone).orElse(ZoneOffset.UTC);
    DateRule date = section.find("date").flatMap(ScheduleReader::date).orElse(DateRule.YESTERDAY);
    CatchUp catchUp =
        section
            .oneOf("catch-up", CATCH_UPS)
            .map(word -> CatchUp.valueOf(name(word)))
            .orElse(CatchUp.LAST);
    Duration window = section.duration("catch-up-window", "7d", "1m", "366d");
    Overlap overlap =
        section
            .oneOf("overlap", OVERLAPS)
            .map(word -> Overlap.valueOf(name(word)))
            .orElse(Overlap.QUEUE);
    Optional<Duration> late = section.duration("late", "1m", "7d");
    Optional<LocalTime> doneBy = section.find("done-by").flatMap(ScheduleReader::time);
    if (section.hasOwn("cron") == section.hasOwn("every")) {
      value.refuse(
          section.hasOwn("cron")
              ? "has both cron and every: keep one of them"
              : "has neither cron nor every: when does it run?");
      return Optional.empty();
    }
    return cron.isEmpty() && every.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PipelineSchedule(cron, every, zone, date, catchUp, window, overlap, late, doneBy));
  }

  private static Optional<String> cron(YamlValue value) {
    String allowed =
        "five fields, minute hour day-of-month month day-of-week, such as \"30 3 * * *\" for 03:30 each day";
    return value
        .text()
        .flatMap(
            text -> {
              int fields = text.strip().split("\\s+").length;
              if (fields != 5) {
                return value.mustBe(
                    allowed + "; it has " + fields + (fields == 6 ? " (no seconds here)" : ""));
              }
              try {
                // Whether it can be read does not depend on the zone.
                Slots.cron(text, ZoneOffset.UTC);
                return Optional.of(text);
              } catch (IllegalArgumentException e) {
                return value.mustBe(allowed + " (" + e.getMessage() + ")");
              }
            });
  }

  private static Optional<LocalTime> time(YamlValue value) {
    return value
        .text()
        .flatMap(
            text ->
                TIME.matcher(text).matches()
                    ? Optional.of(LocalTime.parse(text))
                    : value.mustBe(TIME_EXAMPLE));
  }

  private static Optional<ZoneId> zone(YamlValue value) {
    return value
        .text()
        .flatMap(
            text -> {
              try {
                return Optional.of(ZoneId.of(text));
              } catch (DateTimeException e) {
                return value.mustBe("a time zone such as Europe/Moscow or UTC");
              }
            });
  }

  private static Optional<DateRule> date(YamlValue value) {
    return value
        .text()
        .flatMap(
            text ->
                DateRule.parse(text)
                    .or(
                        () ->
                            value.mustBe(
                                "today, yesterday, or days back such as -2d, up to -366d")));
  }

  private static List<String> words(Enum<?>... values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  private static String name(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
