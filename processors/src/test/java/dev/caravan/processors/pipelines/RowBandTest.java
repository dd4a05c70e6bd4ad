package dev.caravan.processors.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowBandTest {
  private static final RowBand BAND = new RowBand(0.5, 2);

  @ParameterizedTest
  @ValueSource(longs = {51, 101, 202})
  void whatLiesWithinIsNoBreach(long rows) {
    assertThat(BAND.breach(rows, 101)).isEmpty();
  }

  @Test
  void breachSaysBothNumbers() {
    assertThat(BAND.breach(50, 101))
        .contains(
            "promised 51 to 202 rows, 0.5 to 2 times the median 101 of its last runs, found 50");
    assertThat(BAND.breach(1203, 101).orElseThrow()).endsWith("found 1,203");
  }
}
