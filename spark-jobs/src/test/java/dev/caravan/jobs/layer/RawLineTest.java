package dev.caravan.jobs.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"{}", " {\"a\":[{}]}\r", "{'a':'}'}", "{\"a\":\"\\\"}{\"}", "{\"a\":'\"'}"})
  void oneObject(String line) {
    assertThat(RawLine.fault(line)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{}}", "{}{}", "{} x", "{}]", "{\"a}", "x{}", "{\"\\"})
  void somethingElse(String line) {
    assertThat(RawLine.fault(line)).isEqualTo(RawLine.NO_OBJECT);
  }

  @Test
  void whatSparkCannotParseHasItsOwnReason() {
    String long20 = "x".repeat(20_000_000);
    assertThat(RawLine.fault("{\"a\":\"" + long20 + "x\"}")).isEqualTo(RawLine.TOO_LONG);
    assertThat(RawLine.fault("{\"a\":\"" + long20.substring(9) + "\"}")).isNull();
    String deep = "[".repeat(900) + "]".repeat(900);
    assertThat(RawLine.fault("{\"a\":" + deep + "}")).isEqualTo(RawLine.TOO_DEEP);
  }
}
