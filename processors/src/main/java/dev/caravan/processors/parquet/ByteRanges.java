package dev.caravan.processors.parquet;

/** A file of which parts can be read. */
@FunctionalInterface
public interface ByteRanges {
  /** The bytes {@code from} to {@code to}, both included. */
  byte[] range(long from, long to);
}
