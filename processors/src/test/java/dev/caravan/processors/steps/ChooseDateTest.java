package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.pipelines.DateRule;
import dev.caravan.processors.pipelines.Pipeline;
import dev.caravan.processors.pipelines.PipelineSchedule;
import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.shared.FatalException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChooseDateTest {
  @RegisterExtension final Stage stage = new Stage();

  private ChooseDate choose(String zone, int offsetDays) {
    PipelineSchedule schedule =
        new PipelineSchedule(
            Optional.empty(),
            Optional.of(Duration.ofDays(1)),
            ZoneId.of(zone),
            new DateRule(offsetDays),
            CatchUp.LAST,
            Duration.ofDays(7),
            Overlap.QUEUE,
            Optional.empty(),
            Optional.empty());
    Pipeline pipeline =
        new Pipeline(
            stage.pipeline, Optional.of(schedule), "main", 1, Optional.empty(), List.of(), "");
    return new ChooseDate(
        stage.clock,
        name -> {
          assertThat(name).isEmpty();
          return pipeline;
        });
  }

  @Test
  void routeMayNameAPipelineWithoutASchedule() {
    stage.clock.set(Instant.parse("2026-11-22T00:10:00Z"));
    stage.exchange.getMessage().setHeader("pipeline", "second");
    new ChooseDate(
            stage.clock,
            name -> {
              assertThat(name).contains("second");
              return stage.pipelineOf();
            })
        .process(stage.exchange);

    assertThat(stage.context().logicalDate()).isEqualTo("2026-11-21");
    assertThat(stage.context().session().pipeline()).isEqualTo(stage.pipeline);
  }

  @ParameterizedTest(name = "{0} in {1}, less {2} days: {3}")
  @CsvSource({
    // Moscow is three hours ahead all year: its midnight is 21:00 UTC.
    "2026-11-21T20:59:59.999Z, Europe/Moscow, 1, 2026-11-20",
    "2026-11-21T21:00:00Z,     Europe/Moscow, 1, 2026-11-21",
    "2026-03-29T20:59:59Z,     Europe/Moscow, 1, 2026-03-28",
    "2026-03-29T21:00:00Z,     Europe/Moscow, 1, 2026-03-29",
    // Moscow until 2011 had summer time, and from then to October 2014 was four hours ahead.
    "2014-10-25T20:00:00Z,     Europe/Moscow, 0, 2014-10-26",
    "2014-10-26T20:00:00Z,     Europe/Moscow, 0, 2014-10-26",
    // Berlin: two hours ahead in summer, one in winter.
    "2026-03-28T22:59:59Z,     Europe/Berlin, 0, 2026-03-28",
    "2026-03-28T23:00:00Z,     Europe/Berlin, 0, 2026-03-29",
    "2026-03-29T21:59:59Z,     Europe/Berlin, 0, 2026-03-29",
    "2026-03-29T22:00:00Z,     Europe/Berlin, 0, 2026-03-30",
    "2026-10-24T22:00:00Z,     Europe/Berlin, 0, 2026-10-25",
    "2026-10-25T22:00:00Z,     Europe/Berlin, 0, 2026-10-25",
    "2026-10-25T23:00:00Z,     Europe/Berlin, 0, 2026-10-26",
    // The day of 23 hours and the one of 25 are one day each to the offset.
    "2026-03-29T22:30:00Z,     Europe/Berlin, 1, 2026-03-29",
    "2026-10-25T23:30:00Z,     Europe/Berlin, 1, 2026-10-25",
    // Both passes of the hour that comes twice are the same day.
    "2026-10-25T00:30:00Z,     Europe/Berlin, 1, 2026-10-24",
    "2026-10-25T01:30:00Z,     Europe/Berlin, 1, 2026-10-24",
    "2024-03-01T12:00:00Z,     UTC,           1, 2024-02-29",
    "2026-01-01T00:00:00Z,     UTC,           1, 2025-12-31",
  })
  void isTheTicksDateInTheSchedulesZone(
      Instant tick, String zone, int offsetDays, String expected) {
    stage.clock.set(tick);

    choose(zone, offsetDays).process(stage.exchange);

    assertThat(stage.context().logicalDate()).isEqualTo(expected);
  }

  private void chooseDateOf(String header) {
    stage.exchange.getMessage().setHeader("logicalDate", header);
    choose("UTC", 1).process(stage.exchange);
  }

  @Test
  void routeMayAskForADateAndForOneThatHasSucceeded() {
    chooseDateOf("2026-01-02");
    assertThat(stage.context().logicalDate()).isEqualTo("2026-01-02");
    assertThat(stage.context().session().isAgain()).isFalse();

    stage.exchange.getMessage().setHeader("again", "true");
    chooseDateOf("2026-01-03");
    assertThat(stage.context().logicalDate()).isEqualTo("2026-01-03");
    assertThat(stage.context().session().isAgain()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "21.11.2026", "2026-02-30", ""})
  void asksForNothingByWhatIsNoDate(String text) {
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> chooseDateOf(text))
        .withMessage("The logical date '" + text + "' isn't a date of the form YYYY-MM-DD.");
    assertThat(stage.context().requestedDate()).isEmpty();
  }
}
