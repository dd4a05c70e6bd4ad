package dev.caravan.jobs.exit;

/** How an application ends; part of the contract with whoever submits it. */
public enum ExitCode {
  /** Every datamart asked for was written. */
  SUCCESS(0),
  /** Refused before Spark started: the arguments are not usable. */
  USAGE(64),
  /** The input has not the columns it must have. */
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
