package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.pipelines.CatchUp;
import dev.caravan.processors.pipelines.DateRule;
import dev.caravan.processors.pipelines.Overlap;
import dev.caravan.processors.pipelines.PipelineSchedule;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronTrigger;

/** Which dates a schedule reaches, and what Quartz is given of it. */
class ScheduleDatesTest {

  private static Schedule cron(String expression, String zone) {
    return schedule(Optional.of(expression), Optional.empty(), ZoneId.of(zone));
  }

  private static Schedule schedule(Optional<String> cron, Optional<Duration> every, ZoneId zone) {
    return new Schedule(
        "marts",
        new PipelineSchedule(
            cron,
            every,
            zone,
            DateRule.YESTERDAY,
            CatchUp.NONE,
            Duration.ofDays(7),
            Overlap.QUEUE,
            Optional.empty()));
  }

  /** Missing: of the tick, so that the logical date is the day before. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * * | Europe/Berlin | 2026-03-28",
        "0 2 * * * | Europe/Berlin | 2026-03-28",
        "0 3 * * * | Europe/Berlin | ''",
        "30 2 * * * | America/New_York | 2026-03-07",
        "15 0 * * * | Africa/Cairo | 2026-04-23",
        "15 0 * * * | America/Santiago | 2026-09-05",
        // Half an hour, and a whole day.
        "15 2 * * * | Australia/Lord_Howe | 2026-10-03",
        "30 2 * * * | Europe/Moscow | ''",
        "30 2 * * * | GMT+3 | ''",
        "30 2 * * * | UTC | ''",
        // Another tick of the day is left.
        "30 2,14 * * * | Europe/Berlin | ''",
        "*/10 * * * * | Europe/Berlin | ''",
        // Not meant for the day of the change.
        "30 2 * * MON-FRI | Europe/Berlin | ''",
        "30 2 * * 0 | Europe/Berlin | 2026-03-28",
        "30 2 * * 7 | Europe/Berlin | 2026-03-28",
        "30 2 31 * * | Europe/Berlin | ''"
      })
  void namesTheDatesThatAClockChangeLeavesOut(String cron, String zone, String dates) {
    List<LocalDate> expected =
        Arrays.stream(dates.split(","))
            .filter(date -> !date.isEmpty())
            .map(LocalDate::parse)
            .toList();
    ZonedDateTime start = ZonedDateTime.of(2026, 1, 10, 12, 0, 0, 0, ZoneId.of(zone));
    assertThat(cron(cron, zone).datesWithoutTick(start.toInstant())).isEqualTo(expected);
  }

  @Test
  void aZoneThatLosesAWholeDayLosesItsDate() {
    // Samoa went over the date line: 30 December 2011 was not. It isn't meant to be run either.
    ZonedDateTime start = ZonedDateTime.of(2011, 12, 1, 0, 0, 0, 0, ZoneId.of("Pacific/Apia"));
    assertThat(cron("30 12 * * *", "Pacific/Apia").datesWithoutTick(start.toInstant()))
        .containsExactly(LocalDate.of(2011, 12, 29));
  }

  @ParameterizedTest
  @CsvSource({
    // 23:30 + n x 24 h is 00:30 two dates later where a date has 23 hours.
    "24h, 2026-01-10T23:30, 2026-03-28",
    "24h, 2026-01-10T12:00, ''",
    "1h, 2026-01-10T23:30, ''",
    "48h, 2026-01-10T23:30, ''"
  })
  void aTimerMayPassOverAShortDate(String every, String start, String date) {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Schedule schedule =
        schedule(
            Optional.empty(),
            Optional.of(dev.caravan.shared.settings.Durations.parse(every)),
            berlin);
    List<LocalDate> expected = date.isEmpty() ? List.of() : List.of(LocalDate.parse(date));
    assertThat(
            schedule.datesWithoutTick(
                java.time.LocalDateTime.parse(start).atZone(berlin).toInstant()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 3 * * * | 0 30 3 * * ? * | GMT+3 | 10800",
        "30 3 * * * | 0 30 3 * * ? * | Etc/GMT+5 | -18000",
        "30 3 * * * | 0 30 3 * * ? * | Etc/GMT-14 | 50400",
        "*/5 3 * * 5 | 0 */5 3 ? * 6 * | UTC | 0",
        "0,30 8-10 1 */2 * | 0 0,30 8-10 1 */2 ? * | Asia/Kolkata | 19800",
        "0 3 * * 0,7 | 0 0 3 ? * 1,1 * | UTC | 0",
        "0 3 * * 1-5 | 0 0 3 ? * 2-6 * | UTC | 0",
        "0 3 * * MON-FRI | 0 0 3 ? * 2-6 * | UTC | 0"
      })
  void quartzIsGivenTheZoneAsItIsAndTheExpressionInItsWords(
      String cron, String quartz, String zone, int offsetSeconds) throws Exception {
    try (CamelContext camel = new DefaultCamelContext()) {
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from(cron(cron, zone).uri()).to("log:tick");
            }
          });
      camel.start();
      QuartzEndpoint endpoint = (QuartzEndpoint) camel.getRoutes().get(0).getEndpoint();
      CronTrigger trigger =
          (CronTrigger) endpoint.getComponent().getScheduler().getTrigger(endpoint.getTriggerKey());
      assertThat(trigger.getCronExpression()).isEqualTo(quartz);
      assertThat(trigger.getTimeZone().getRawOffset()).isEqualTo(offsetSeconds * 1000);
      assertThat(trigger.getTimeZone().toZoneId().getRules())
          .isEqualTo(TimeZone.getTimeZone(ZoneId.of(zone)).toZoneId().getRules());
    }
  }
}
