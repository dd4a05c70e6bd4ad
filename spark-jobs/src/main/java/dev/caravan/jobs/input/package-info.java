/**
 * The event log as the datamarts see it: which partitions and columns exist, typed and kept events.
 *
 * <p>No rule of a single datamart may come in here.
 */
package dev.caravan.jobs.input;
