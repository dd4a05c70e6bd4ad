/**
 * The command line of the datamarts and the run of one application: arguments, exit codes,
 * isolation of failures.
 *
 * <p>Only what starts or ends an application belongs here; what a datamart holds is in {@code
 * marts}.
 */
package dev.caravan.jobs;
