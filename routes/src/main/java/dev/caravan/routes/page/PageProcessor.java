package dev.caravan.routes.page;

import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.RunGrids;
import dev.caravan.shared.http.Caller;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a browser asks of the page. Its templates are loaded when the first page is asked
 * for. Lets no Error out. For use by many threads.
 */
public final class PageProcessor implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(PageProcessor.class);

  /** Nothing but this server's own files, and no script or style in a page's text. */
  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          // Not none at all: a form's Origin would be null.
          "Referrer-Policy",
          "same-origin");

  /** Who shows these credentials. */
  public interface Identification {
    /**
     * @param authorization as the header of this name has it
     * @param address the client's, on which wrong credentials are counted
     */
    Optional<Caller> identify(String authorization, String address);
  }

  private final Pages pages;

  /** A page over this control plane, whose actions are done by the API. */
  public PageProcessor(
      ControlPlane plane,
      RunGrids grids,
      PageActions actions,
      PageSessions sessions,
      Identification identification,
      Clock clock) {
    this.pages = new Pages(plane, grids, actions, sessions, identification, clock);
  }

  @Override
  public void process(Exchange exchange) {
    PageAnswer answer;
    try {
      PageCall call = PageCall.of(exchange.getMessage());
      answer = answer(call, exchange.getExchangeId()).unlessKnown(call);
    } catch (RuntimeException | Error e) {
      LOG.error("A page failed: {}", e.toString(), e);
      answer = PageAnswer.html(500, "The server failed; its log says why.");
    }
    write(exchange.getMessage(), answer);
  }

  private PageAnswer answer(PageCall call, String id) {
    try {
      return pages.answer(call);
    } catch (OperationException e) {
      return pages.message(call, status(e.reason()), e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("A page failed: {}", e.toString(), e);
      return pages.message(call, 500, "The server failed; its log says why (exchange " + id + ").");
    }
  }

  private static int status(OperationException.Reason reason) {
    return switch (reason) {
      case INVALID -> 400;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case UNAVAILABLE -> 503;
    };
  }

  private static void write(Message message, PageAnswer answer) {
    message.removeHeaders("*");
    SECURITY.forEach(message::setHeader);
    answer.headers().forEach(message::setHeader);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.type());
    message.setBody(answer.body() instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : answer.body());
  }
}
