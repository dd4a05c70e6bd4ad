/**
 * Which dates are due: the slots of a schedule, the decision what to do with each, and the plan of
 * a backfill. Pure: values in, values out; no clock, no journal, no thread. Whoever plans runs
 * comes in, and writes what is decided here to the journal.
 */
package dev.caravan.processors.schedule;
