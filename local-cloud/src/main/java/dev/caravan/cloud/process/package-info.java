/**
 * Child processes that end when they are told to, with everything they started. For the parts of
 * the local cloud that are processes: S3, the cluster, the orchestrator in the demo. Nothing here
 * knows what the processes do.
 */
package dev.caravan.cloud.process;
