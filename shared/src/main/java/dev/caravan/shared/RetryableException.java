package dev.caravan.shared;

/**
 * A failure that may be temporary: the same step can be retried. The message is one sentence for
 * the person on call: what failed, on what, and what the other side said.
 */
public final class RetryableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RetryableException(String message) {
    super(message);
  }

  public RetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
