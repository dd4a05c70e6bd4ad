/**
 * The job {@code events-layer}: raw events, one record a line or a row, to the event log that the
 * datamarts read.
 *
 * <p>Knows how to write partitions ({@code output}) and which types of event there are ({@code
 * input}); no datamart may come in here.
 */
package dev.caravan.jobs.layer;
