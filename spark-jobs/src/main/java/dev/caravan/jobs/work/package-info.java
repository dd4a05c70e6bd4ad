/**
 * What Spark did for a job, as its listeners tell it: tasks, shuffles, spills, skew.
 *
 * <p>Everyone may use it; it knows nobody.
 */
package dev.caravan.jobs.work;
