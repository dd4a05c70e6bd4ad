/**
 * Processes of batches: started through a small script that writes the exit code down, ended as a
 * group.
 *
 * <p>Linux only: sessions, process groups, /proc. Knows nothing of HTTP and Spark.
 */
package dev.caravan.endpoint.process;
