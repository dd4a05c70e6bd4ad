package dev.caravan.cloud.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes resources in reverse order, each once, at the end of the program or on a signal, whichever
 * comes first.
 */
public final class CloseStack implements AutoCloseable {

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  /** Registers a resource; closes it immediately if everything is already closed. */
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
