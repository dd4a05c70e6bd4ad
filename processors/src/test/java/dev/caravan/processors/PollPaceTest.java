package dev.caravan.processors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPaceTest {
  private final PollPace pace = new PollPace(Duration.ofSeconds(2), Duration.ofSeconds(15));

  @ParameterizedTest
  @CsvSource({
    // Seconds waited, seconds it usually takes, seconds until the next look.
    "0, 480, 15",
    "400, 480, 15",
    "420, 480, 12",
    "460, 480, 4",
    "475, 480, 2",
    "480, 480, 2",
    "500, 480, 4",
    "900, 480, 15",
  })
  void looksOftenNearTheExpectedMomentAndSeldomElsewhere(int waited, int usual, int next) {
    assertThat(pace.next(Duration.ofSeconds(waited), Optional.of(Duration.ofSeconds(usual))))
        .isEqualTo(Duration.ofSeconds(next));
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "40, 2", "100, 5", "300, 15", "3000, 15"})
  void wastesATwentiethOfTheWaitWithoutExperience(int waited, int next) {
    assertThat(pace.next(Duration.ofSeconds(waited), Optional.empty()))
        .isEqualTo(Duration.ofSeconds(next));
  }

  @Test
  void slowPaceThatIsFasterThanTheFastOneWins() {
    PollPace quick = new PollPace(Duration.ofSeconds(2), Duration.ofMillis(100));
    assertThat(quick.next(Duration.ZERO, Optional.empty())).isEqualTo(Duration.ofMillis(100));
  }
}
