/**
 * How each thing is done: one verb per class, called from the routes by its name. A verb looks at
 * the world before it acts, so that it may run twice; it fails with a {@link
 * dev.caravan.shared.RetryableException} or a {@link dev.caravan.shared.FatalException}, nothing
 * else.
 */
package dev.caravan.processors;
