/**
 * What was measured, ours beside a baseline: metrics, their goals, medians, the table and the JSON.
 * It knows nothing of what is measured; any benchmark may use it.
 */
package dev.caravan.bench.results;
