/**
 * Logs of batches as the cluster endpoint left them in S3: pages with the endpoint's own semantics,
 * when the endpoint and its cluster are long gone. Commands and steps come in.
 */
package dev.caravan.processors.logs;
