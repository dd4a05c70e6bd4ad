/**
 * The run journal: runs, their steps, batches and cluster sessions, events and alarms, in SQL.
 * Intent is written here before a side effect; what a run did can be read here after everything
 * else is gone.
 */
package dev.caravan.processors.journal;
