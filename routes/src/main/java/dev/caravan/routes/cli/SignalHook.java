package dev.caravan.routes.cli;

/** What a signal has this process do, until it is closed. */
public final class SignalHook implements AutoCloseable {
  private final Thread thread;

  private SignalHook(Thread thread) {
    this.thread = thread;
  }

  /** Does it, on a thread of this name, when the process is told to end. */
  public static SignalHook on(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    Runtime.getRuntime().addShutdownHook(thread);
    return new SignalHook(thread);
  }

  /** Whether a signal is ending this process: what fails from then on was cut off by that. */
  public static boolean isProcessEnding() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread());
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // A signal came: the hook is at work, and the process ends with it.
    }
  }
}
