/**
 * What a run does: one step per class, called from the routes by its name, and the context that
 * carries what a step finds out to the next. A step looks at the world before it acts, so that it
 * may run twice; it fails with a {@link dev.caravan.shared.RetryableException} or a {@link
 * dev.caravan.shared.FatalException}, nothing else.
 */
package dev.caravan.processors.steps;
