package dev.caravan.endpoint.batch;

/** An idempotency key was used again with another body (HTTP 409). */
public final class KeyConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeyConflictException(String key, int id) {
    super(
        "The Idempotency-Key '"
            + key
            + "' belongs to batch "
            + id
            + ", which was requested with a different body.");
  }
}
