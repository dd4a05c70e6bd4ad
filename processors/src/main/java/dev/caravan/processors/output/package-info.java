/**
 * Checks what a job left in S3 against its output contract: objects, bytes, freshness, rows and
 * columns from the parquet footers. Reads only; nothing here can write or delete.
 */
package dev.caravan.processors.output;
