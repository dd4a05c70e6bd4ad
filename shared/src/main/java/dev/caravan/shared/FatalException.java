package dev.caravan.shared;

/**
 * A failure that a retry won't fix; any failure that isn't known to be retryable is fatal. The
 * message is one sentence for the person on call: what failed, on what, what the other side said,
 * and what to do.
 */
public class FatalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FatalException(String message) {
    super(message);
  }

  public FatalException(String message, Throwable cause) {
    super(message, cause);
  }
}
