package dev.caravan.routes.operations;

import dev.caravan.processors.journal.BudgetState;
import java.math.BigDecimal;

/**
 * How a pipeline's budget of a month stands.
 *
 * @param currency of both amounts
 * @param month what may be spent
 * @param spent by its runs so far
 * @param warnAt at which share people are warned, in percent
 */
public record BudgetView(
    String pipeline,
    String currency,
    long month,
    BigDecimal spent,
    int warnAt,
    BudgetState state) {}
