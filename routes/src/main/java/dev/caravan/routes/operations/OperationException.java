package dev.caravan.routes.operations;

/** A question or an action that was refused, in a sentence for whoever asked. */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it was refused. */
  public enum Reason {
    /** What was asked for makes no sense, whatever the state of things is. */
    INVALID,
    /** There is no such thing. */
    NOT_FOUND,
    /** The state of things forbids it. */
    CONFLICT,
    /** Something that is needed for the answer can't be reached now; it may be asked again. */
    UNAVAILABLE
  }

  private final Reason reason;

  public OperationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static OperationException invalid(String message) {
    return new OperationException(Reason.INVALID, message);
  }

  static OperationException notFound(String message) {
    return new OperationException(Reason.NOT_FOUND, message);
  }

  public Reason reason() {
    return reason;
  }
}
