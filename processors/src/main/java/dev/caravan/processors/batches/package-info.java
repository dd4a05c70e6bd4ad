/**
 * The client of the cluster endpoint: Livy batches over camel-http. Knows the wire protocol and
 * nothing of runs; the verbs bring keys and requests, and learn from it what became of a batch.
 */
package dev.caravan.processors.batches;
