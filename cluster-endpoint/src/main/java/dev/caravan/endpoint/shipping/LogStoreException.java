package dev.caravan.endpoint.shipping;

/** An object was not stored; trying again later does no harm. The message holds no secret. */
final class LogStoreException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean answered;

  /**
   * @param answered whether the store refused it; if not, it is lost or slow, and the next call
   *     would only wait as long
   */
  LogStoreException(String message, boolean answered, Throwable cause) {
    super(message, cause);
    this.answered = answered;
  }

  boolean answered() {
    return answered;
  }
}
