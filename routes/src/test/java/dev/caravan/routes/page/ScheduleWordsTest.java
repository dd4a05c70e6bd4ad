package dev.caravan.routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.schedule.CatchUp;
import dev.caravan.processors.schedule.Overlap;
import dev.caravan.routes.operations.ScheduleView;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleWordsTest {
  private static ScheduleView schedule(String cron, String zone, Optional<String> doneBy) {
    return new ScheduleView(
        Optional.of(cron),
        Optional.empty(),
        zone,
        "yesterday",
        CatchUp.ALL,
        Duration.ofDays(7),
        Overlap.QUEUE,
        Optional.empty(),
        doneBy);
  }

  @ParameterizedTest
  @CsvSource({
    "Z,                UTC",
    "UTC,              UTC",
    "+03:00,           UTC+03:00",
    "Europe/Berlin,    in the time zone Europe/Berlin"
  })
  void zoneIsNamedAsPeopleNameIt(String zone, String words) {
    assertThat(ScheduleWords.of(schedule("30 3 * * *", zone, Optional.empty())).get(0))
        .isEqualTo("Every day at 03:30 (30 3 * * *), " + words + ".");
  }

  @Test
  void timeByWhichADateIsToBeDoneIsTold() {
    assertThat(ScheduleWords.of(schedule("30 3 * * *", "Z", Optional.of("07:00"))))
        .contains("A run of the date is to have succeeded by 07:00.");
    assertThat(ScheduleWords.of(schedule("30 3 * * *", "Z", Optional.empty())))
        .noneMatch(sentence -> sentence.contains("succeeded"));
  }

  @Test
  void spansAreToldInTheUnitInWhichTheyAreSet() {
    assertThat(ScheduleWords.of(schedule("30 3 * * *", "Z", Optional.empty())))
        .contains("Times that are missed while no server runs are caught up within 7 days.");
  }

  @ParameterizedTest
  @CsvSource({
    "PT1H,    Every hour",
    "PT90M,   Every 90 minutes",
    "P1D,     Every day",
    "PT36H,   Every 36 hours",
    "PT90S,   Every 1 min 30 s"
  })
  void periodIsToldInTheUnitInWhichItIsSet(Duration every, String words) {
    ScheduleView schedule =
        new ScheduleView(
            Optional.empty(),
            Optional.of(every),
            "Z",
            "today",
            CatchUp.NONE,
            Duration.ofDays(1),
            Overlap.SKIP,
            Optional.empty(),
            Optional.empty());
    assertThat(ScheduleWords.of(schedule).get(0)).isEqualTo(words + ", UTC.");
  }

  @Test
  void unusualExpressionHasTheLibrarysWords() {
    assertThat(ScheduleWords.of(schedule("0 3 1 * 1", "Z", Optional.empty())).get(0))
        .contains("(0 3 1 * 1), UTC.")
        .doesNotStartWith("(");
  }
}
