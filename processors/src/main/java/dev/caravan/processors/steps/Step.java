package dev.caravan.processors.steps;

import dev.caravan.processors.journal.Run;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.MDC;

/**
 * A verb of a route. Camel 4.18.0 skips onCompletion, and so the cluster's stop, when an {@code
 * Error} or an {@code InterruptedException} leaves a processor; hence nothing but a
 * RuntimeException ever leaves a step. Steps are shared by all exchanges and keep no state of their
 * own.
 */
public abstract class Step implements Processor {
  /** The field's name for it in logs, by the convention of OpenTelemetry. */
  private static final String TRACE = "trace_id";

  @Override
  public final void process(Exchange exchange) {
    String verb = getClass().getSimpleName();
    if (isBarredByShutdown() && exchange.getContext().isStopping()) {
      throw new CancellationException("Caravan was shut down before the run came to its end.");
    }
    RunContext run = RunContext.of(exchange);
    MDC.put("run", run.findRun().map(Run::id).orElse("-"));
    MDC.put("job", run.job().isEmpty() ? "-" : run.job());
    logTrace(run.session().traceId());
    try {
      perform(exchange);
    } catch (RetryableException | FatalException | CancellationException e) {
      throw e;
    } catch (InterruptedException e) {
      // The flag stays cleared: with it set, the stop call that follows would be cut off too.
      CancellationException cancelled = new CancellationException(verb + " was interrupted.");
      cancelled.initCause(e);
      throw cancelled;
    } catch (JdbiException e) {
      // A journal that is away for a moment must not fail a run that goes well.
      throw new RetryableException(verb + " could not read or write the journal: " + e, e);
    } catch (Throwable e) {
      throw new FatalException(verb + " failed unexpectedly: " + e, e);
    } finally {
      MDC.remove("run");
      MDC.remove("job");
      MDC.remove(TRACE);
    }
  }

  /** What is logged from here on to the end of the step belongs to this trace. */
  static void logTrace(Optional<String> id) {
    id.ifPresentOrElse(known -> MDC.put(TRACE, known), () -> MDC.remove(TRACE));
  }

  /**
   * Does the work. An exception of a kind that isn't known to be retryable becomes a {@link
   * FatalException}.
   */
  protected abstract void perform(Exchange exchange) throws Exception;

  /**
   * Whether this step must not begin once the process is shutting down; only those that clean up
   * override this.
   */
  protected boolean isBarredByShutdown() {
    return true;
  }
}
