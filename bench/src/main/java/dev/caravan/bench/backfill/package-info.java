/** A backfill compared with the single runs of its dates, all parts real. */
package dev.caravan.bench.backfill;
