package dev.caravan.bench.endpoint;

/**
 * One line of the result.
 *
 * @param work the row of the table of goals that it belongs to
 * @param what is measured
 * @param unit of its values
 */
record Figure(String work, String what, String unit, Goal goal) {}
