package dev.caravan.routes.settings;

import com.cronutils.mapper.CronMapper;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.caravan.processors.pipelines.PipelineSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * The ticks of a pipeline's schedule.
 *
 * @param pipeline the pipeline's name
 */
public record Schedule(String pipeline, PipelineSchedule set) {
  /**
   * Not zero: Camel 4.18.0's TimerConsumer drops, without a word, a tick that comes before its own
   * start has returned, and the next would be a whole period away.
   */
  static final Duration FIRST_TICK = Duration.ofSeconds(1);

  /**
   * The Camel URI of the tick. Neither form lets two ticks overlap: the timer is synchronous, the
   * Quartz job stateful.
   */
  public String uri() {
    return set.cron()
        .map(
            expression ->
                "quartz:caravan/"
                    + pipeline
                    + "?stateful=true&trigger.timeZone="
                    + raw(set.zone().getId())
                    + "&cron="
                    + raw(quartz(expression)))
        .orElseGet(
            () ->
                "timer:schedule-%s?synchronous=true&delay=%d&period=%d"
                    .formatted(
                        pipeline, FIRST_TICK.toMillis(), set.every().orElseThrow().toMillis()));
  }

  /** As it is: Camel would decode a plus in a zone, even an encoded one, into a blank. */
  private static String raw(String value) {
    return "RAW(" + value + ")";
  }

  /** Quartz counts seconds, too, and the days of the week from Sunday, which is 1. */
  private static String quartz(String expression) {
    return CronMapper.fromUnixToQuartz()
        .map(
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                .parse(expression))
        .asString();
  }

  /**
   * The logical dates of the next year for which no tick will come: the clock change leaves their
   * time of day out.
   *
   * @param start when the schedule begins
   */
  public List<LocalDate> datesWithoutTick(Instant start) {
    Ticks ticks =
        set.cron()
            .map(expression -> Ticks.of(quartz(expression), set.zone()))
            .orElseGet(
                () -> Ticks.every(set.every().orElseThrow(), start.plus(FIRST_TICK), set.zone()));
    return ticks.missing(LocalDate.ofInstant(start, set.zone())).stream()
        .map(set.date()::of)
        .toList();
  }
}
