package dev.caravan.endpoint.batch;

import java.io.IOException;

/**
 * Data that must be on disk before the response can't be written (HTTP 503): the disk is full or
 * broken.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The sentence says what could not be written, and why. */
  public StorageException(String what, IOException cause) {
    super(what + ": " + cause.getMessage(), cause);
  }

  /** The sentence says all. */
  public StorageException(String sentence) {
    super(sentence);
  }
}
