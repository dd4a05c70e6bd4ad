package dev.caravan.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ElapsedClockTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T03:00:00Z");

  private final MutableClock clock = new MutableClock(BEGIN);

  @Test
  void aSteadyClockFollowsTimeAndNoStepOfTheDate() {
    clock.pass(Duration.ofMinutes(1));
    Clock steady = clock.steady();
    assertThat(steady.instant()).isEqualTo(BEGIN.plusSeconds(60));

    clock.step(Duration.ofHours(-7));
    assertThat(steady.instant()).isEqualTo(BEGIN.plusSeconds(60));
    clock.pass(Duration.ofSeconds(5));
    assertThat(steady.instant()).isEqualTo(BEGIN.plusSeconds(65));
    assertThat(clock.instant()).isEqualTo(BEGIN.plusSeconds(65).minus(Duration.ofHours(7)));
  }

  @Test
  void whatBeganElsewhereIsKnownByItsDate() {
    clock.pass(Duration.ofMinutes(10));
    assertThat(clock.elapsedAt(clock.instant().minusSeconds(60))).isEqualTo(Duration.ofMinutes(9));
    assertThat(clock.elapsedAt(clock.instant().minus(Duration.ofHours(1)))).isNegative();
    assertThat(clock.elapsedAt(clock.instant().plusSeconds(60))).isEqualTo(clock.elapsed());
  }
}
