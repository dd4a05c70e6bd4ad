package dev.caravan.routes.api;

/** A request that can't be answered as it is. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;

  ApiException(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  static ApiException badRequest(String sentence) {
    return new ApiException(400, sentence);
  }

  int status() {
    return status;
  }
}
