package dev.caravan.processors.journal;

/** How a pipeline's budget of a month stands. */
public enum BudgetState {
  WITHIN,
  /** The share at which people are warned is spent. */
  WARNED,
  /** All of it is spent. */
  EXCEEDED
}
