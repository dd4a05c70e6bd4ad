package dev.caravan.shared.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S, 500ms",
    "1000ms, PT1S, 1s",
    "0s, PT0S, 0s",
    "15s, PT15S, 15s",
    "90s, PT90S, 90s",
    "60s, PT1M, 1m",
    "90m, PT90M, 90m",
    "24h, PT24H, 24h",
    "7d, PT168H, 168h",
    "' 5m ', PT5M, 5m",
    "999999999d, PT23999999976H, 23999999976h",
  })
  void readsAndSaysWhatPeopleWrite(String written, Duration duration, String said) {
    assertThat(Durations.parse(written)).isEqualTo(duration);
    assertThat(Durations.text(duration)).isEqualTo(said);
    assertThat(Durations.parse(said.length() > 10 ? written : said)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "15", "s", "-5s", "1.5h", "1h30m", "5 m", "5M", "PT5M", "1000000000s"})
  void refusesAllElse(String written) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(written))
        .withMessageContaining("'" + written + "'")
        .withMessageContaining("ms, s, m, h or d");
  }
}
