package dev.caravan.processors.steps;

import dev.caravan.processors.journal.RunLostException;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;

/**
 * Takes what a route has caught as the failure of the job at hand, so that the jobs that don't need
 * it go on. What isn't the job's is thrown again and ends the run: the loss of the cluster or of
 * the run itself, its cancellation, a shutdown.
 */
public final class FailJob extends Step {

  @Override
  protected void perform(Exchange exchange) throws Exception {
    RunContext context = RunContext.of(exchange);
    Exception cause = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
    if (cause == null) {
      throw new FatalException("Nothing was caught: failJob belongs into a doCatch.");
    }
    if (!isOfJob(context, exchange, cause)) {
      throw cause;
    }
    // The end of the run takes what is left there for the run's own failure.
    exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
    context.failJob(cause);
  }

  private static boolean isOfJob(RunContext context, Exchange exchange, Exception cause) {
    boolean failed =
        cause instanceof FatalException
            && !(cause instanceof RunLostException || cause instanceof RunCancelledException);
    boolean gaveUp = cause instanceof RetryableException && !exchange.getContext().isStopping();
    return (failed || gaveUp) && context.session().loss().isEmpty() && !context.job().isEmpty();
  }

  @Override
  protected boolean isBarredByShutdown() {
    return false;
  }
}
