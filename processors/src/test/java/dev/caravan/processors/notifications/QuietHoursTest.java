package dev.caravan.processors.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
  /** Moscow is three hours ahead of UTC. */
  @ParameterizedTest
  @CsvSource({
    "2026-01-02T18:59:59Z, false",
    "2026-01-02T19:00:00Z, true",
    "2026-01-02T23:00:00Z, true",
    "2026-01-03T03:59:59Z, true",
    "2026-01-03T04:00:00Z, false",
  })
  void nightSpansMidnightInItsOwnZone(Instant moment, boolean quiet) {
    assertThat(QuietHours.parse("22:00-07:00 Europe/Moscow").contains(moment)).isEqualTo(quiet);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T11:59:59Z, false",
    "2026-01-02T12:00:00Z, true",
    "2026-01-02T13:00:00Z, false"
  })
  void noonIsOneTimeOfTheDay(Instant moment, boolean quiet) {
    assertThat(QuietHours.parse("12:00-13:00 UTC").contains(moment)).isEqualTo(quiet);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22:00-07:00",
        "22-7 UTC",
        "25:00-07:00 UTC",
        "22:00-07:00 Mars/Base",
        "08:00-08:00 UTC"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> QuietHours.parse(text));
  }

  @Test
  void blanksAroundTheDashAreAllowed() {
    assertThat(QuietHours.parse(" 22:00 - 07:00 UTC "))
        .isEqualTo(QuietHours.parse("22:00-07:00 UTC"));
  }
}
