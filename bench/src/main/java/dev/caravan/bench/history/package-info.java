/** A journal with a past. */
package dev.caravan.bench.history;
