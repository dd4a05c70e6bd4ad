package dev.caravan.bench.results;

/**
 * One line of the result.
 *
 * @param work the row of the table of goals that it belongs to
 * @param what is measured
 * @param unit of its values
 */
public record Metric(String work, String what, String unit, Goal goal) {}
