package dev.caravan.endpoint.http;

import dev.caravan.endpoint.submit.RejectedException;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.http.Caller;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.auth.User;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * What a bean may know of a request. Path and query are read from what the server itself set: a
 * client's header of the same name as a parameter is mixed into the exchange's headers and must not
 * be trusted.
 */
final class Request {
  private final Message message;

  Request(Exchange exchange) {
    this.message = exchange.getMessage();
  }

  /** The part of the path after {@code /batches/}, up to the next slash. */
  String batch() {
    String path = path();
    int begin = path.indexOf('/', 1) + 1;
    int end = path.indexOf('/', begin);
    String name = path.substring(begin, end < 0 ? path.length() : end);
    return name.indexOf('%') < 0
        ? name
        : URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  String path() {
    return message.getHeader(Exchange.HTTP_PATH, String.class);
  }

  /**
   * Whether the client names this type among those that it accepts, as browsers do; who accepts
   * anything doesn't.
   */
  boolean prefers(String type) {
    return message.getHeader("Accept") instanceof String accepted
        && accepted.toLowerCase(Locale.ROOT).contains(type);
  }

  /** A whole number from the query. */
  long number(String name, long otherwise) {
    String query = message.getHeader(Exchange.HTTP_RAW_QUERY, String.class);
    if (query == null) {
      return otherwise;
    }
    for (String pair : query.split("&")) {
      if (pair.startsWith(name + "=")) {
        String value = pair.substring(name.length() + 1);
        if (!value.matches("-?\\d{1,18}")) {
          throw new RejectedException("the query parameter '" + name + "' is not a whole number");
        }
        return Long.parseLong(value);
      }
    }
    return otherwise;
  }

  Optional<String> idempotencyKey() {
    Object key = message.getHeader(IdempotencyKey.HEADER);
    if (key == null) {
      return Optional.empty();
    }
    if (!(key instanceof String text) || !IdempotencyKey.isValid(text)) {
      throw new RejectedException(
          "the header "
              + IdempotencyKey.HEADER
              + " is not 1 to 128 characters of A-Z a-z 0-9 . _ : / -");
    }
    return Optional.of(text);
  }

  byte[] body() {
    byte[] body = message.getBody(byte[].class);
    return body == null ? new byte[0] : body;
  }

  /** The client's address. */
  String address() {
    SocketAddress address =
        message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class);
    return address == null ? "unknown" : address.hostAddress();
  }

  /** Who asks. */
  Caller caller() {
    User user = message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
    return Caller.of(user);
  }
}
