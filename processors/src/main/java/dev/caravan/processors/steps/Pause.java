package dev.caravan.processors.steps;

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
  private static final Duration STOPPING = Duration.ofMillis(500);

  @Override
  protected void perform(Exchange exchange) throws InterruptedException {
    boolean stopping = exchange.getContext().isStopping();
    long asked = RunContext.of(exchange).session().pause().toNanos();
    // What cleans up during a shutdown still leaves the cloud a moment between two looks.
    long end = System.nanoTime() + (stopping ? Math.min(asked, STOPPING.toNanos()) : asked);
    long left = end - System.nanoTime();
    while (left > 0 && exchange.getContext().isStopping() == stopping) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE.toNanos()));
      left = end - System.nanoTime();
    }
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
