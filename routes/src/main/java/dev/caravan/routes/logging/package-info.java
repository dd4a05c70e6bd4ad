/**
 * How Caravan's log is written: what {@code logback.xml} names. Knows nothing of runs, and nothing
 * else of Caravan comes in here.
 */
package dev.caravan.routes.logging;
