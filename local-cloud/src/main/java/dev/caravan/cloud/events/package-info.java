/**
 * A messenger's sample events: made up, but always the same for the same seed, in the layout that
 * the Spark jobs read. The demo and tests come in; the jobs know the layout, not this. Everything
 * is written to a local file first and then put into S3.
 */
package dev.caravan.cloud.events;
