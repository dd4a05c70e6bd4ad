package dev.caravan.processors;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;

/**
 * Waits as long as the step before it asked for, on its own thread, and no longer than a moment
 * once the process is shutting down: Camel's delay is not cut short by a shutdown, and an
 * asynchronous one would let ticks overlap.
 */
public final class Pause extends Step {
  private static final Duration SLICE = Duration.ofMillis(100);

  @Override
  protected void perform(Exchange exchange) throws InterruptedException {
    long end = System.nanoTime() + Scope.pause(exchange).toNanos();
    long left = end - System.nanoTime();
    while (left > 0 && !exchange.getContext().isStopping()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE.toNanos()));
      left = end - System.nanoTime();
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
