/**
 * Batches: their record on disk, their life from the queue to the outcome, the registry of all of
 * them.
 *
 * <p>The HTTP side asks {@code BatchRegistry} and {@code BatchLifecycle}; nobody else changes a
 * batch.
 */
package dev.caravan.endpoint.batch;
