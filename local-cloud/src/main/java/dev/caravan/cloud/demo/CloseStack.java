package dev.caravan.cloud.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was started, the last first, each once; by whoever comes first, the program's end or
 * a signal.
 */
final class CloseStack implements AutoCloseable {

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  /** Takes over the closing; at once if all is closed already. */
  synchronized <T extends AutoCloseable> T add(T one) {
    started.push(one);
    if (closed) {
      close();
      throw new IllegalStateException("the demo is ending");
    }
    return one;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!started.isEmpty()) {
      AutoCloseable one = started.pop();
      try {
        one.close();
      } catch (Exception e) {
        System.err.println("caravan demo: while ending " + one + ": " + e);
      }
    }
  }
}
