package dev.caravan.processors.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.processors.journal.BudgetState;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
  private static final Budget BUDGET = new Budget(5_000, 80);

  @ParameterizedTest
  @CsvSource({
    "0, WITHIN",
    "3999.9999, WITHIN",
    "4000, WARNED",
    "4999.9999, WARNED",
    "5000, EXCEEDED",
    "90000, EXCEEDED",
  })
  void standsAsTheShareThatIsSpent(BigDecimal spent, BudgetState state) {
    assertThat(BUDGET.state(spent)).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "0, '0.00 of 5000 RUB are spent, 0 %'",
    "4999.9999, '5000.00 of 5000 RUB are spent, 99 %'",
    "6123.456, '6123.46 of 5000 RUB are spent, 122 %'",
  })
  void saysSo(BigDecimal spent, String words) {
    assertThat(BUDGET.words(spent, "RUB")).isEqualTo(words);
  }
}
