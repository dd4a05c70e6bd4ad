package dev.caravan.endpoint.batch;

import java.io.IOException;

/** The disk doesn't take what must be on it before the answer (HTTP 503): full, or broken. */
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
