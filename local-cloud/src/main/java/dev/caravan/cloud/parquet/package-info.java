/**
 * Parquet files without Spark: writes the sample events, shows the first rows of a datamart. Local
 * files only; what lies in S3 is copied first. The sample events, the demo and tests come in.
 */
package dev.caravan.cloud.parquet;
