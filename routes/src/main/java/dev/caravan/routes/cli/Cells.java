package dev.caravan.routes.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values as text: for people, and for programs. */
public final class Cells {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT);

  private Cells() {}

  /** Times as the zone has them, nothing as a dash, the first of many, and all on one line. */
  static String forPeople(Object value, ZoneId zone) {
    if (value instanceof Optional<?> optional) {
      return optional.map(held -> forPeople(held, zone)).orElse("-");
    }
    if (value instanceof Instant instant) {
      return (isUtc(zone) ? UTC : LOCAL).format(instant.atZone(zone));
    }
    if (value instanceof OffsetDateTime time) {
      return forPeople(time.toInstant(), zone);
    }
    if (value instanceof Duration duration) {
      return duration(duration);
    }
    if (value instanceof List<?> many && many.size() > 2) {
      return forPeople(many.get(0), zone) + " and " + (many.size() - 1) + " more";
    }
    String text =
        (value instanceof List<?> few ? joined(few) : value.toString())
            .replaceAll("\\s+", " ")
            .strip();
    return text.isEmpty() ? "-" : text;
  }

  /** Under whatever name. */
  static boolean isUtc(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC);
  }

  /** As ISO 8601 has it; nothing as empty text. */
  static String plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Cells::plain).orElse("");
    }
    return value instanceof List<?> many ? joined(many) : value.toString();
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  /** The two largest units, such as {@code 1 h 12 min}. */
  public static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofDays(1)) >= 0) {
      return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
    if (duration.compareTo(Duration.ofHours(1)) >= 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    if (duration.compareTo(Duration.ofMinutes(1)) >= 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return Math.max(0, duration.toSeconds()) + " s";
  }
}
