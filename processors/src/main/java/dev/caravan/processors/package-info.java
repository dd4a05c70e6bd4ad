/**
 * How each thing is done: one verb per class, called from the routes by its name. A verb looks at
 * the world before it acts, so that it may run twice; it fails with a {@link
 * dev.caravan.processors.RetryableException} or a {@link dev.caravan.processors.FatalException},
 * nothing else.
 */
package dev.caravan.processors;
