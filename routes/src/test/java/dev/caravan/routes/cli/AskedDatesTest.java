package dev.caravan.routes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskedDatesTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

  @ParameterizedTest
  @CsvSource({
    "2026-02-28, 2026-02-28, 2026-02-28",
    "today, 2026-03-01, 2026-03-01",
    "yesterday, 2026-02-28, 2026-02-28",
    "-3d, 2026-02-26, 2026-02-26",
    "-0d, 2026-03-01, 2026-03-01",
    "2026-02-01..2026-02-07, 2026-02-01, 2026-02-07",
    "-7d..yesterday, 2026-02-22, 2026-02-28",
    "2024-02-29..today, 2024-02-29, 2026-03-01",
  })
  void datesAndSpansCountFromToday(String text, LocalDate first, LocalDate last) {
    AskedDates asked = AskedDates.of(text);

    assertThat(asked.first(TODAY)).isEqualTo(first);
    assertThat(asked.last(TODAY)).isEqualTo(last);
    assertThat(asked.all(TODAY)).startsWith(first).endsWith(last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "tomorrow",
        "Today",
        "3d",
        "-3",
        "-d",
        "-99999d",
        "2026-02-30",
        "+12026-11-21",
        "21.11.2026",
        "2026-11-01..",
        "..2026-11-01",
        "2026-11-01...2026-11-02",
        "2026-11-01..2026-11-02..2026-11-03"
      })
  void allElseIsRefusedInOneSentence(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AskedDates.of(text))
        .withMessageStartingWith("'" + text + "' is not a date: write 2026-11-21, today, ");
  }

  @Test
  void spanBackwardsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AskedDates.of("today..-3d").all(TODAY))
        .withMessage("The last date, 2026-02-26, is before the first, 2026-03-01.");
  }
}
