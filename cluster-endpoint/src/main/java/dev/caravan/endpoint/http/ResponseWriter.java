package dev.caravan.endpoint.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.endpoint.batch.KeyConflictException;
import dev.caravan.endpoint.batch.StorageException;
import dev.caravan.endpoint.lease.StoppingException;
import dev.caravan.endpoint.submit.RejectedException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a bean returned or threw as the HTTP response. */
public final class ResponseWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Writes the body, which is an {@link Response}, as JSON; nothing of the request's headers is
   * left.
   */
  public void write(Exchange exchange) throws JsonProcessingException {
    write(exchange, exchange.getMessage().getBody(Response.class));
  }

  /** Writes the exception that the route ended with. */
  public void writeFailure(Exchange exchange) throws JsonProcessingException {
    write(
        exchange,
        failure(exchange, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class)));
  }

  private void write(Exchange exchange, Response answer) throws JsonProcessingException {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    answer.headers().forEach(message::setHeader);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    Response.Content content =
        answer.body() instanceof Response.Content made
            ? made
            : new Response.Content("application/json", json.writeValueAsBytes(answer.body()));
    message.setHeader(Exchange.CONTENT_TYPE, content.type());
    // Of all types, this is the one that Camel hands to the socket as it is, with its length.
    message.setBody(ByteBuffer.wrap(content.bytes()));
  }

  private static Response failure(Exchange exchange, Throwable thrown) {
    if (thrown instanceof RejectedException) {
      return Response.failed(400, "Rejected, Reason: " + thrown.getMessage());
    }
    if (thrown instanceof NotFoundException) {
      return Response.failed(404, thrown.getMessage());
    }
    if (thrown instanceof ForbiddenException) {
      return Response.failed(403, thrown.getMessage());
    }
    if (thrown instanceof KeyConflictException) {
      return Response.failed(409, thrown.getMessage());
    }
    if (thrown instanceof StoppingException) {
      return Response.failed(503, "Rejected, Reason: " + thrown.getMessage());
    }
    if (thrown instanceof StorageException) {
      LOG.error("{}", thrown.getMessage());
      return new Response(
          503,
          Map.of("Retry-After", "60"),
          Map.of("msg", "Rejected, Reason: " + thrown.getMessage()));
    }
    LOG.error("Route {} failed.", exchange.getFromRouteId(), thrown);
    return Response.failed(
        500, "The endpoint failed; its log says why (exchange " + exchange.getExchangeId() + ").");
  }
}
