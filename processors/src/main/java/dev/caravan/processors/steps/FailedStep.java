package dev.caravan.processors.steps;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Notes in a run's context at which step of which route something was thrown. Camel itself keeps
 * the route that catches it, and a message history would grow with each look at a batch.
 */
public final class FailedStep implements InterceptStrategy {

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        return super.process(
            exchange,
            doneSync -> {
              note(exchange, step);
              callback.done(doneSync);
            });
      }
    };
  }

  /** The step that encloses another one, or calls its route, fails with it, and later. */
  private static void note(Exchange exchange, NamedNode step) {
    if (exchange.getException() != null
        && exchange.getProperty(RunContext.PROPERTY) instanceof RunContext context) {
      context.noteFailure(
          exchange.getException(),
          "step %s of route %s".formatted(step.getId(), ExchangeHelper.getAtRouteId(exchange)));
    }
  }
}
