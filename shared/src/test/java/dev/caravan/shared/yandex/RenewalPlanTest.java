package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalPlanTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");

  private final RenewalPlan plan = new RenewalPlan(() -> 0.0);

  @ParameterizedTest
  @CsvSource({
    "PT12H, PT11H",
    "PT9000000000H, PT11H",
    "PT2H, PT1H",
    "PT1H, PT30M",
    "PT2M, PT1M",
    "PT1S, PT1S",
    "-PT1H, PT1S"
  })
  void renewsAnHourBeforeTheEndOrAtHalfOfAShortLife(Duration life, Duration wait) {
    assertThat(plan.renewal(life)).isEqualTo(wait);
  }

  @Test
  void manyClientsSpreadOverATenthOfTheTime() {
    assertThat(new RenewalPlan(() -> 0.999).renewal(Duration.ofHours(11)))
        .isBetween(Duration.ofHours(9), Duration.ofMinutes(9 * 60 + 2));
  }

  @ParameterizedTest
  @CsvSource({"1, PT5S", "2, PT10S", "5, PT1M20S", "6, PT2M", "1000000, PT2M"})
  void quietRetriesAreNeverFurtherApartThanTwoMinutes(int failures, Duration wait) {
    assertThat(plan.quietRetry(failures)).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource({"1, PT0.1S", "2, PT0.2S", "5, PT1.6S", "6, PT2S", "1000000, PT2S"})
  void urgentRetriesAreNeverFurtherApartThanTwoSeconds(int failures, Duration wait) {
    assertThat(plan.urgentRetry(failures, NOW, NOW)).isEqualTo(wait);
  }

  @Test
  void urgentRetryCountsTheTimeSinceTheFailure() {
    assertThat(plan.urgentRetry(6, NOW.minusMillis(500), NOW)).isEqualTo(Duration.ofMillis(1500));
    assertThat(plan.urgentRetry(6, NOW.minusSeconds(3), NOW)).isZero();
    assertThat(plan.urgentRetry(0, Instant.MIN, NOW)).isZero();
  }

  @Test
  void clockSetBackDoesNotMakeAnybodyWaitLonger() {
    assertThat(plan.urgentRetry(6, NOW.plusSeconds(3600), NOW)).isEqualTo(Duration.ofSeconds(2));
  }
}
