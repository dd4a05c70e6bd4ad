package dev.caravan.processors;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.RunState;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;

/**
 * Ends the run in the journal: succeeded, failed with the sentence of what failed it, or
 * interrupted by a shutdown.
 */
public final class CloseRun extends Step {
  private final Journal journal;

  public CloseRun(Journal journal) {
    this.journal = journal;
  }

  @Override
  protected void perform(Exchange exchange) {
    Optional<Throwable> failure =
        Optional.ofNullable(exchange.getProperty(Scope.RUN_FAILURE, Throwable.class));
    boolean jobsDone = exchange.getProperty(Scope.JOBS_DONE, false, Boolean.class);
    if (jobsDone) {
      // Camel keeps a failure that a later try made good; the last step was reached, so it was.
      failure = Optional.empty();
    } else if (failure.isEmpty()) {
      // A success is proven, never assumed.
      failure = Optional.of(new FatalException("The run ended before all of its jobs were done."));
    }
    boolean stopping = exchange.getContext().isStopping();
    RunState state =
        failure
            .map(e -> isInterruption(e, stopping) ? RunState.INTERRUPTED : RunState.FAILED)
            .orElse(RunState.SUCCEEDED);
    Optional<String> sentence = failure.map(Throwable::getMessage);
    Scope.findRun(exchange).ifPresent(run -> journal.end(run, state, sentence));
  }

  /** A failure that might have passed, had the shutdown not ended its tries, isn't the run's. */
  private static boolean isInterruption(Throwable e, boolean stopping) {
    return e instanceof CancellationException || (stopping && e instanceof RetryableException);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
