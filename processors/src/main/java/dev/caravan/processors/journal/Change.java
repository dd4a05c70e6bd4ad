package dev.caravan.processors.journal;

/**
 * What one transaction does: it changes states and tells of them, both or neither.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
interface Change<T> {
  /** May be called again after a roll-back, with a new transaction. */
  T make(Transaction transaction);
}
