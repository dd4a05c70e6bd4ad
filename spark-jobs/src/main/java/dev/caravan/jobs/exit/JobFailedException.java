package dev.caravan.jobs.exit;

/** Ends a datamart with a chosen exit code; the message is one line for the person on call. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** Ends with {@code exitCode}; {@code message} says what is wrong, where, and what to do. */
  public JobFailedException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The exit code that this failure asks for. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
