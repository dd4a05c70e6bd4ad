package dev.caravan.processors.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  private static final Rate CHANGING = Rate.parse("30, 36.5 from 2026-12-01, 0 from 2027-01-01");
  private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");

  @Test
  void amountHoldsFromItsDayOn() {
    assertThat(CHANGING.at(DECEMBER.minusNanos(1))).isEqualByComparingTo("30");
    assertThat(CHANGING.at(DECEMBER)).isEqualByComparingTo("36.5");
    assertThat(CHANGING.at(Instant.parse("2030-01-01T00:00:00Z"))).isZero();
  }

  @Test
  void spanIsPricedByTheDayOfEachOfItsParts() {
    assertThat(CHANGING.perHour(DECEMBER.minusSeconds(1800), DECEMBER.plusSeconds(7200)))
        .isEqualByComparingTo(new BigDecimal("15").add(new BigDecimal("73")));
    Instant newYear = Instant.parse("2027-01-01T00:00:00Z");
    assertThat(CHANGING.perHour(newYear.minus(Duration.ofHours(1)), newYear.plusSeconds(9000)))
        .isEqualByComparingTo("36.5");
    assertThat(CHANGING.perHour(DECEMBER, DECEMBER)).isZero();
    assertThat(CHANGING.perHour(DECEMBER, DECEMBER.minusSeconds(1))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "1,5",
        "1e3",
        "30 RUB",
        "30 from 2026-12-01",
        "30, 31",
        "30, 31 from 2026-13-01",
        "30, 31 from 2026-12-01, 32 from 2026-12-01",
        "30,"
      })
  void whatIsNoAmountIsRefused(String text) {
    assertThatThrownBy(() -> Rate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
