package dev.caravan.processors;

import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.RetryableException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;

/**
 * How a run is to end, as its exchange tells.
 *
 * @param sentence what failed it
 */
record RunOutcome(RunState state, Optional<String> sentence) {

  static Optional<Throwable> failure(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(Scope.RUN_FAILURE, Throwable.class));
  }

  static RunOutcome of(Exchange exchange) {
    Optional<Throwable> failure = failure(exchange);
    if (exchange.getProperty(Scope.JOBS_DONE, false, Boolean.class)) {
      // Camel keeps a failure that a later try made good; the last step was reached, so it was.
      return new RunOutcome(RunState.SUCCEEDED, Optional.empty());
    }
    if (failure.isEmpty()) {
      // A success is proven, never assumed.
      return new RunOutcome(
          RunState.FAILED, Optional.of("The run ended before all of its jobs were done."));
    }
    boolean interrupted = isInterruption(failure.get(), exchange.getContext().isStopping());
    return new RunOutcome(
        interrupted ? RunState.INTERRUPTED : RunState.FAILED, failure.map(Throwable::getMessage));
  }

  /** A failure that might have passed, had the shutdown not ended its tries, isn't the run's. */
  private static boolean isInterruption(Throwable e, boolean stopping) {
    return e instanceof CancellationException || (stopping && e instanceof RetryableException);
  }
}
