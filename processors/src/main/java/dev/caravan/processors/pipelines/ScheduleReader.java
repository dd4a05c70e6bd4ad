package dev.caravan.processors.pipelines;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TimeZone;

/** Reads the section {@code schedule}. */
final class ScheduleReader {
  private static final CronParser CRON =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /** Whatever comes at all comes within the eight years that follow a leap day at most. */
  private static final ZonedDateTime LEAP_YEAR =
      ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final List<String> CATCH_UPS = words(CatchUp.values());
  private static final List<String> OVERLAPS = words(Overlap.values());

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
            new PipelineSchedule(cron, every, zone, date, catchUp, window, overlap, late));
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
                Cron cron = CRON.parse(text).validate();
                if (isRestricted(cron, CronFieldName.DAY_OF_MONTH)
                    && isRestricted(cron, CronFieldName.DAY_OF_WEEK)) {
                  return value.mustBe(
                      "an expression that restricts the day of the month or the day of the week, not both");
                }
                return ExecutionTime.forCron(cron).nextExecution(LEAP_YEAR).isPresent()
                    ? Optional.of(text)
                    : value.mustBe("an expression that comes: no month has that day");
              } catch (IllegalArgumentException e) {
                return value.mustBe(allowed + " (" + e.getMessage() + ")");
              }
            });
  }

  private static boolean isRestricted(Cron cron, CronFieldName field) {
    return !(cron.retrieve(field).getExpression() instanceof Always);
  }

  private static Optional<ZoneId> zone(YamlValue value) {
    return value
        .text()
        .flatMap(
            text -> {
              try {
                ZoneId zone = ZoneId.of(text);
                // A zone that java.util doesn't know, such as +03:00, it takes silently for GMT.
                if (TimeZone.getTimeZone(text).toZoneId().getRules().equals(zone.getRules())) {
                  return Optional.of(zone);
                }
              } catch (DateTimeException e) {
                // Said below, in the same words.
              }
              return value.mustBe("a time zone such as Europe/Moscow or UTC");
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
