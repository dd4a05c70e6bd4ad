package dev.caravan.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T00:00:00Z"));
  private final Throttle throttle = new Throttle(clock);

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(address);
    }
  }

  @Test
  void shutsOneAddressForTheRestOfTheMinute() {
    fail("10.0.0.1", Throttle.MAX_FAILURES - 1);
    assertThat(throttle.isShut("10.0.0.1")).isFalse();
    fail("10.0.0.1", 1);
    assertThat(throttle.isShut("10.0.0.1")).isTrue();
    assertThat(throttle.isShut("10.0.0.2")).isFalse();

    clock.pass(Duration.ofSeconds(59));
    assertThat(throttle.isShut("10.0.0.1")).isTrue();
    clock.pass(Duration.ofSeconds(1));
    assertThat(throttle.isShut("10.0.0.1")).isFalse();
    fail("10.0.0.1", 1);
    assertThat(throttle.isShut("10.0.0.1")).isFalse();
  }

  @Test
  void manyAddressesCostNoMoreThanTheyMay() {
    fail("10.0.0.1", Throttle.MAX_FAILURES);
    for (int i = 0; i < 9_998; i++) {
      throttle.failed("a" + i);
    }
    assertThat(throttle.isShut("10.0.0.1")).isTrue();

    clock.pass(Duration.ofSeconds(61));
    fail("b", Throttle.MAX_FAILURES);
    for (int i = 0; i < 5_000; i++) {
      throttle.failed("c" + i); // what is over makes room; what isn't stays
    }
    assertThat(throttle.isShut("b")).isTrue();
  }
}
