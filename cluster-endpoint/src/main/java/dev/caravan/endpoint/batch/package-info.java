/**
 * Batches: their record on disk, their life from the queue to the outcome, the book of all of them.
 *
 * <p>The HTTP side asks {@code BatchBook} and {@code BatchLife}; nobody else changes a batch.
 */
package dev.caravan.endpoint.batch;
