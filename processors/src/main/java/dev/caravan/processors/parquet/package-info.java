/**
 * Reads the first rows of parquet files over any reader of byte ranges, without Hadoop: the pages
 * are found and decompressed here, parquet-column makes rows of them. What is read is bounded.
 */
package dev.caravan.processors.parquet;
