package dev.caravan.endpoint.shipping;

import java.net.URI;
import java.nio.file.Path;

/** Takes objects under {@code s3://bucket/key} addresses. Each call ends within a bound. */
interface LogStore extends AutoCloseable {

  /**
   * Puts a part of a file, without reading it into memory.
   *
   * @param offset of the first byte, in bytes
   * @param length in bytes; the file has them
   */
  void put(URI object, Path file, long offset, long length) throws LogStoreException;

  /** Puts a small JSON document. */
  void putJson(URI object, byte[] json) throws LogStoreException;

  @Override
  void close();
}
