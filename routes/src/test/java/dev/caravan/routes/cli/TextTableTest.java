package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final TextTable TABLE =
      new TextTable(
          List.of("job", "rows"), List.of(List.of("first", "1,000"), List.of("second", "-")));

  @Test
  void numbersStandToTheRight() {
    assertThat(TABLE.text(13).lines())
        .containsExactly("job     rows", "------  -----", "first   1,000", "second  -");
  }

  @Test
  void whatIsWiderThanTheTerminalIsABlockForEachRow() {
    assertThat(TABLE.fits(12)).isFalse();
    assertThat(TABLE.text(12).lines())
        .containsExactly("job   first", "rows  1,000", "", "job   second", "rows  -");
  }
}
