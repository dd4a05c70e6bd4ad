package dev.caravan.endpoint.submit;

/** A request that is refused (HTTP 400); the message says which part and why. */
public final class RejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The reason, without the prefix that the protocol puts before it. */
  public RejectedException(String reason) {
    super(reason);
  }
}
