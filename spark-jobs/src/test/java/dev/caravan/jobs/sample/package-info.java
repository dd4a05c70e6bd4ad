/**
 * Made-up input: literal rows for tests of one rule, random ones, and lakes of any size.
 *
 * <p>Knows the input's layout and none of the code that reads it.
 */
package dev.caravan.jobs.sample;
