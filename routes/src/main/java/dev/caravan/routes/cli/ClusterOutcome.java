package dev.caravan.routes.cli;

/**
 * What became of a cluster after the runs that a command has followed.
 *
 * @param good whether it is stopped, or the server uses it for other runs and stops it after them
 * @param words as docs/operations.md lists them
 */
record ClusterOutcome(boolean good, String words) {}
