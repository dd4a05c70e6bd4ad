package dev.caravan.jobs.exit;

/** The exit codes of an application; part of the contract with its submitter. */
public enum ExitCode {
  /** Every datamart asked for was written. */
  SUCCESS(0),
  /** Refused before Spark started: the arguments are not usable. */
  USAGE(64),
  /**
   * The input can't be used: columns are absent or of a wrong type, or no row of it is an event.
   */
  MISSING_COLUMNS(65),
  /** No input partition exists in the window. */
  NO_INPUT(66),
  /** Anything else. */
  FAILED(1);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }
}
