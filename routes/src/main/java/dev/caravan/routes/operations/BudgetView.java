package dev.caravan.routes.operations;

import dev.caravan.processors.journal.BudgetState;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How a pipeline's budget of a month stands.
 *
 * @param currency of both amounts
 * @param month what may be spent
 * @param spent by its runs so far
 * @param warnAt at which share people are warned, in percent
 */
public record BudgetView(
    String pipeline, String currency, long month, BigDecimal spent, int warnAt, BudgetState state) {

  /** Which share of it is spent, in percent, rounded down: 100 is all of it, or more. */
  public int share() {
    return spent
        .multiply(BigDecimal.valueOf(100))
        .divide(BigDecimal.valueOf(month), 0, RoundingMode.DOWN)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }
}
