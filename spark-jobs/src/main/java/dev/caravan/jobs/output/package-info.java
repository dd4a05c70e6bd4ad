/**
 * What a job leaves behind: the partition of its date, and the summary.
 *
 * <p>Everything that writes to storage lives here.
 */
package dev.caravan.jobs.output;
