/**
 * The datamarts a second time, naively: straight from their description, cross joins and windows, a
 * session for each, no thought of speed.
 *
 * <p>What the real ones are compared with, in rows by tests and in seconds by the benchmark.
 */
package dev.caravan.bench.naive;
