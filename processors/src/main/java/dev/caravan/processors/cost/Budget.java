package dev.caravan.processors.cost;

import dev.caravan.processors.journal.BudgetState;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What a pipeline may spend in a month of UTC, in the currency of its cluster's price.
 *
 * @param amount more than 0
 * @param warnAt at which share of it people are warned, in percent, 1 to 100
 */
public record Budget(long amount, int warnAt) {
  /** How it stands if so much is spent. */
  public BudgetState state(BigDecimal spent) {
    if (spent.compareTo(BigDecimal.valueOf(amount)) >= 0) {
      return BudgetState.EXCEEDED;
    }
    BigDecimal percent = spent.multiply(BigDecimal.valueOf(100));
    BigDecimal warning = BigDecimal.valueOf(amount).multiply(BigDecimal.valueOf(warnAt));
    return percent.compareTo(warning) >= 0 ? BudgetState.WARNED : BudgetState.WITHIN;
  }

  /** Such as "4120.50 of 5000 RUB are spent, 82 %". */
  public String words(BigDecimal spent, String currency) {
    return "%s of %d %s are spent, %s %%"
        .formatted(
            spent.setScale(2, RoundingMode.HALF_UP).toPlainString(),
            amount,
            currency,
            spent
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(amount), 0, RoundingMode.DOWN)
                .toPlainString());
  }
}
