/**
 * {@code caravan bench spark}: our datamarts and the naive ones, each as the {@code spark-submit}
 * processes that a user starts, in turn, on the same Spark, S3 and data, their rows compared. It
 * knows local-cloud, which brings S3, Spark and events, and no class of the jobs.
 */
package dev.caravan.bench.spark;
