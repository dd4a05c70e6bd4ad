package dev.caravan.processors.steps;

import dev.caravan.processors.journal.RunState;
import dev.caravan.shared.RetryableException;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * How a run is to end, as its context tells.
 *
 * @param sentence what failed it
 */
record RunOutcome(RunState state, Optional<String> sentence) {

  /**
   * Judges the run.
   *
   * @param stopping whether the process is shutting down
   */
  static RunOutcome of(RunContext context, boolean stopping) {
    Optional<Throwable> failure = context.cause();
    if (context.isAllJobsDone()) {
      // Camel keeps a failure that a later try made good; the last step was reached, so it was.
      return new RunOutcome(RunState.SUCCEEDED, Optional.empty());
    }
    if (failure.isEmpty()) {
      // A success is proven, never assumed.
      return new RunOutcome(
          RunState.FAILED, Optional.of("The run ended before all of its jobs were done."));
    }
    if (failure.get() instanceof RunCancelledException) {
      return new RunOutcome(RunState.CANCELLED, failure.map(Throwable::getMessage));
    }
    boolean interrupted = isInterruption(failure.get(), stopping);
    return new RunOutcome(
        interrupted ? RunState.INTERRUPTED : RunState.FAILED, failure.map(Throwable::getMessage));
  }

  /** A failure that might have passed, had the shutdown not ended its tries, isn't the run's. */
  private static boolean isInterruption(Throwable e, boolean stopping) {
    return e instanceof CancellationException || (stopping && e instanceof RetryableException);
  }
}
