/**
 * Calls to the storage that are a wait and not work: several at a time, each with a bound.
 *
 * <p>Everyone may use it; it knows nobody.
 */
package dev.caravan.jobs.storage;
