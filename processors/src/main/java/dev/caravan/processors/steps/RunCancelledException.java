package dev.caravan.processors.steps;

import dev.caravan.shared.FatalException;

/** A person, or a later run that replaces it, asked for the end of this run. */
final class RunCancelledException extends FatalException {
  private static final long serialVersionUID = 1L;

  /**
   * @param request who asked for it, and why
   */
  RunCancelledException(String request) {
    super(request);
  }
}
