package dev.caravan.routes.cli;

/** The exit codes of the {@code caravan} commands, the same for all (docs/cli.md). */
public final class ExitCodes {
  /** It is done; of a run: it succeeded, and the cluster is stopped. */
  public static final int OK = 0;

  /** It failed, or was refused: a run failed, there is no such run, its state forbids it. */
  public static final int FAILED = 1;

  /** Bad command line or settings; nothing was started. */
  public static final int USAGE = 2;

  /**
   * The run succeeded, but the cluster isn't known to be stopped, or was running before and is left
   * running.
   */
  public static final int CLUSTER_NOT_STOPPED = 3;

  /** What is needed can't be reached now: the server, the journal, S3. */
  public static final int UNAVAILABLE = 4;

  private ExitCodes() {}
}
