package dev.caravan.routes;

/** The exit codes of the {@code caravan} commands. */
final class ExitCodes {
  /** The run succeeded and the cluster is stopped. */
  static final int OK = 0;

  /** The run failed or was interrupted. */
  static final int RUN_FAILED = 1;

  /** Bad command line or settings; nothing was started. */
  static final int USAGE = 2;

  /**
   * The run succeeded, but the cluster isn't known to be stopped, or was running before and is left
   * running.
   */
  static final int CLUSTER_NOT_STOPPED = 3;

  private ExitCodes() {}
}
