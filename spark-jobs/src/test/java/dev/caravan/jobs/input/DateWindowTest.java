package dev.caravan.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class DateWindowTest {
  @Test
  void bothEndsAreIncluded() {
    DateWindow window = new DateWindow(LocalDate.of(2024, 3, 1), 3);
    assertThat(window.days())
        .containsExactly(
            LocalDate.of(2024, 2, 28), LocalDate.of(2024, 2, 29), LocalDate.of(2024, 3, 1));
    assertThat(window).hasToString("2024-02-28..2024-03-01");
  }

  @Test
  void oneDayIsTheLeast() {
    LocalDate day = LocalDate.of(2024, 3, 1);
    assertThat(new DateWindow(day, 1).days()).containsExactly(day);
    assertThatThrownBy(() -> new DateWindow(day, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
