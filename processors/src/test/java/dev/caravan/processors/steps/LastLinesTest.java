package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.shared.batches.LogPage;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastLinesTest {
  private static final LogPage PAGE = new LogPage(200, 202, List.of("last", "\nstderr: "));

  @Test
  void saysWhichLinesOfAWholeLogTheseAre() {
    assertThat(LastLines.extent(PAGE, false)).isEqualTo("lines 201 to 202 of 202");
  }

  @Test
  void saysThatAStockLivyHasLostLines() {
    assertThat(LastLines.extent(PAGE, true))
        .startsWith("lines 201 to 202 of 202 kept")
        .contains("livy.cache-log.size")
        .contains("lost");
  }
}
