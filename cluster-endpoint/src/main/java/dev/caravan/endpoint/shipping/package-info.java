/**
 * Ships logs of batches to S3 while they grow: one thread, chunks of the files as they are, and a
 * manifest that says how to find a line in them.
 *
 * <p>The boot starts it if the settings ask for it; batches tell it of their ends. Only {@code
 * S3LogStore} knows the AWS SDK, so that an endpoint that ships nothing doesn't load it.
 */
package dev.caravan.endpoint.shipping;
