/**
 * What batches print: files on the local disk, read by page and never as a whole.
 *
 * <p>Knows nothing of processes and HTTP.
 */
package dev.caravan.endpoint.log;
