package dev.caravan.processors.steps;

import dev.caravan.processors.journal.RunLostException;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * Takes what a route has caught as the failure of the job at hand, so that the jobs that don't need
 * it go on: whatever the job's steps throw, those of a user's own route among them. What isn't the
 * job's is thrown again and ends the run: the loss of the cluster or of the run itself, its
 * cancellation, a shutdown.
 */
public final class FailJob extends Step {

  @Override
  protected void perform(Exchange exchange) throws Exception {
    RunContext context = RunContext.of(exchange);
    Exception cause = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
    if (cause == null) {
      throw new FatalException("Nothing was caught: failJob belongs into a doCatch.");
    }
    if (isOfRun(context, exchange, cause)) {
      throw cause;
    }
    // The end of the run takes what is left there for the run's own failure.
    exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
    context.failJob(isOurs(cause) ? cause : named(context, cause));
  }

  private static boolean isOfRun(RunContext context, Exchange exchange, Exception cause) {
    boolean ended =
        cause instanceof RunLostException
            || cause instanceof RunCancelledException
            || cause instanceof CancellationException
            || cause instanceof InterruptedException;
    // But for the shutdown it might have passed, or is the shutdown's own.
    boolean shutDown = exchange.getContext().isStopping() && !(cause instanceof FatalException);
    return ended || shutDown || context.session().loss().isPresent() || context.job().isEmpty();
  }

  /** Those say in a sentence what failed, and on what. */
  private static boolean isOurs(Exception cause) {
    return cause instanceof FatalException || cause instanceof RetryableException;
  }

  private static FatalException named(RunContext context, Exception cause) {
    String place = context.failedAt(cause).map(step -> " at " + step).orElse("");
    return new FatalException("Job %s failed%s: %s".formatted(context.job(), place, cause), cause);
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
