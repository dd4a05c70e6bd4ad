package dev.caravan.processors.batches;

/** A stock Livy started nothing, since it knows a batch of that name already. */
public final class NameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NameTakenException(String message) {
    super(message);
  }
}
