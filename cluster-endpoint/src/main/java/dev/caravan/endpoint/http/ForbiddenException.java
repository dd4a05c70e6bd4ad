package dev.caravan.endpoint.http;

/** Answered with 403 and the message. */
final class ForbiddenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ForbiddenException(String message) {
    super(message);
  }
}
