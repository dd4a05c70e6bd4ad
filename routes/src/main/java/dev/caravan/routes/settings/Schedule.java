package dev.caravan.routes.settings;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When the pipeline runs, and for which date.
 *
 * @param every the timer's period; used when no cron expression is set
 * @param cron a Quartz expression
 * @param zone of the cron expression and of the logical date
 * @param dateOffsetDays the logical date is the tick's date less this many days
 */
public record Schedule(Duration every, Optional<String> cron, ZoneId zone, int dateOffsetDays) {
  /**
   * Not zero: Camel 4.18.0's TimerConsumer drops, without a word, a tick that comes before its own
   * start has returned, and the next would be a whole period away.
   */
  static final Duration FIRST_TICK = Duration.ofSeconds(1);

  static Schedule from(SettingsReader settings) {
    Schedule schedule =
        new Schedule(
            settings.duration("caravan.schedule.every", "24h", "1s", "366d"),
            settings.find("caravan.schedule.cron"),
            settings.zone("caravan.schedule.zone", "UTC"),
            settings.integer("caravan.schedule.date-offset-days", 1, 0, 366));
    schedule
        .cron()
        .filter(cron -> !org.quartz.CronExpression.isValidExpression(cron))
        .ifPresent(
            cron -> {
              throw settings.bad(
                  "caravan.schedule.cron",
                  cron,
                  "a Quartz expression, such as '0 30 3 * * ?' for 03:30 each day");
            });
    return schedule;
  }

  /** The logical date of a run that begins then. */
  public LocalDate date(Instant begin) {
    return LocalDate.ofInstant(begin, zone).minusDays(dateOffsetDays);
  }

  /**
   * The Camel URI of the tick. Neither form lets two ticks overlap: the timer is synchronous, the
   * Quartz job stateful.
   */
  String uri() {
    return cron.map(
            expression ->
                "quartz:caravan/schedule?stateful=true&trigger.timeZone="
                    + zone
                    + "&cron="
                    + expression.replace(' ', '+'))
        .orElse(
            "timer:schedule?synchronous=true&delay=%d&period=%d"
                .formatted(FIRST_TICK.toMillis(), every.toMillis()));
  }
}
