package dev.caravan.endpoint.http;

import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * One step of a route. A plain call: Camel's {@code bean} step finds its method and arguments anew
 * for each request. Lets no Error out, since Camel would leave the request without an answer.
 */
public final class RouteStep implements Processor {
  private final Call call;

  private RouteStep(Call call) {
    this.call = call;
  }

  /** What a step does. */
  interface Call {
    void process(Exchange exchange) throws Exception;
  }

  /** What a step asks. */
  interface Question {
    Response answer(Exchange exchange) throws Exception;
  }

  static RouteStep of(Call call) {
    return new RouteStep(call);
  }

  /** The answer becomes the body. */
  static RouteStep asking(Question question) {
    return new RouteStep(exchange -> exchange.getMessage().setBody(question.answer(exchange)));
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    try {
      call.process(exchange);
    } catch (Error e) {
      throw new IllegalStateException("A step failed: " + e, e);
    }
  }

  /** The steps that the YAML routes name. */
  public static void bindAll(
      BiConsumer<String, Object> registry,
      BatchCalls batches,
      ServiceCalls service,
      LeaseCalls lease,
      PageCalls page,
      ResponseWriter answers) {
    registry.accept("submitBatch", asking(batches::submit));
    registry.accept("validateBatch", asking(batches::validate));
    registry.accept("listBatches", asking(batches::list));
    registry.accept("showBatch", asking(page::batch));
    registry.accept("batchState", asking(batches::state));
    registry.accept("batchLog", asking(batches::log));
    registry.accept("batchStages", asking(batches::stages));
    registry.accept("deleteBatch", asking(batches::delete));
    registry.accept("hello", asking(page::home));
    registry.accept("version", asking(exchange -> service.version()));
    registry.accept("health", asking(exchange -> service.health()));
    registry.accept("pageFile", asking(page::file));
    registry.accept("showLease", asking(exchange -> lease.show()));
    registry.accept("renewLease", asking(lease::renew));
    registry.accept("writeAnswer", of(answers::write));
    registry.accept("writeFailure", of(answers::writeFailure));
  }
}
