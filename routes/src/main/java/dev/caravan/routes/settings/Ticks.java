package dev.caravan.routes.settings;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.quartz.CronExpression;

/**
 * On which calendar dates a schedule ticks, and on which it should.
 *
 * @param meant whether a tick is meant to come on the date
 * @param comes whether one comes between these instants, the second excluded
 */
record Ticks(Predicate<LocalDate> meant, BiPredicate<Instant, Instant> comes, ZoneId zone) {
  private static final int DAYS = 366;

  /** By Quartz's own calculation, which passes over a time that a clock change leaves out. */
  static Ticks of(String cron, ZoneId zone) {
    BiPredicate<Instant, Instant> without = fires(cron, ZoneOffset.UTC);
    return new Ticks(
        date ->
            without.test(
                date.atStartOfDay(ZoneOffset.UTC).toInstant(),
                date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
        fires(cron, zone),
        zone);
  }

  /** A timer that counts from its start, and on a short day may pass over it. */
  static Ticks every(Duration period, Instant first, ZoneId zone) {
    long millis = period.toMillis();
    return new Ticks(
        date -> period.compareTo(Duration.ofDays(1)) <= 0,
        (from, to) -> {
          long passed = Math.max(0, Duration.between(first, from).toMillis());
          long ticks = (passed + millis - 1) / millis;
          return first.plusMillis(ticks * millis).isBefore(to);
        },
        zone);
  }

  /** The dates of the year after this one on which a tick is meant to come and none does. */
  List<LocalDate> missing(LocalDate today) {
    return today
        .plusDays(1)
        .datesUntil(today.plusDays(DAYS))
        .filter(meant)
        .filter(date -> !comes.test(start(date), start(date.plusDays(1))))
        .toList();
  }

  private Instant start(LocalDate date) {
    return date.atStartOfDay(zone).toInstant();
  }

  private static BiPredicate<Instant, Instant> fires(String cron, ZoneId zone) {
    CronExpression expression;
    try {
      expression = new CronExpression(cron);
    } catch (ParseException e) {
      throw new IllegalArgumentException(cron, e);
    }
    expression.setTimeZone(TimeZone.getTimeZone(zone));
    return (from, to) -> {
      Date next = expression.getTimeAfter(Date.from(from.minusMillis(1)));
      return next != null && next.toInstant().isBefore(to);
    };
  }
}
