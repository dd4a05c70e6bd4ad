package dev.caravan.routes.settings;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.quartz.CronExpression;

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

  static Schedule from(SettingsFile settings) {
    Schedule schedule =
        new Schedule(
            settings.duration("caravan.schedule.every", "24h", "1s", "366d"),
            settings.find("caravan.schedule.cron"),
            settings.zone("caravan.schedule.zone", "UTC"),
            settings.integer("caravan.schedule.date-offset-days", 1, 0, 366));
    Optional<String> cron = schedule.cron();
    return cron.isEmpty() || CronExpression.isValidExpression(cron.get())
        ? schedule
        : settings.refuse(
            "caravan.schedule.cron",
            cron.get(),
            "a Quartz expression, such as '0 30 3 * * ?' for 03:30 each day",
            new Schedule(
                schedule.every(), Optional.empty(), schedule.zone(), schedule.dateOffsetDays()));
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
                    + raw(zone.getId())
                    + "&cron="
                    + raw(expression))
        .orElse(
            "timer:schedule?synchronous=true&delay=%d&period=%d"
                .formatted(FIRST_TICK.toMillis(), every.toMillis()));
  }

  /** As it is: Camel would decode a plus in a zone, even an encoded one, into a blank. */
  private static String raw(String value) {
    return "RAW(" + value + ")";
  }

  /**
   * The logical dates of the next year for which no tick will come: the clock change leaves their
   * time of day out.
   *
   * @param start when the schedule begins
   */
  public List<LocalDate> datesWithoutTick(Instant start) {
    Ticks ticks =
        cron.map(expression -> Ticks.of(expression, zone))
            .orElseGet(() -> Ticks.every(every, start.plus(FIRST_TICK), zone));
    return ticks.missing(LocalDate.ofInstant(start, zone)).stream()
        .map(date -> date.minusDays(dateOffsetDays))
        .toList();
  }
}
