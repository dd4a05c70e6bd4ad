/**
 * The stages of a batch's Spark application, out of the event log that Spark wrote on this machine.
 * Knows the argument list of the batch and the files, and nothing of HTTP.
 */
package dev.caravan.endpoint.stages;
