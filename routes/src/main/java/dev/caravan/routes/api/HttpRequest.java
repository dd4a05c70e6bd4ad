package dev.caravan.routes.api;

import dev.caravan.routes.page.PageActions;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.http.Caller;
import io.vertx.ext.auth.User;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * What the server knows of a request. Path and query are read from what the server itself set: a
 * client's header of the same name is mixed into the exchange's headers and must not be trusted.
 */
final class HttpRequest {
  /** Who asks through a credential that several people share. */
  static final String ACTOR = "X-Caravan-Actor";

  private static final int LONGEST_ACTOR = 100;

  private final String method;
  private final String path;
  private final Optional<String> query;
  private final Function<String, Object> headers;
  private final byte[] body;
  private final Caller caller;

  private HttpRequest(
      String method,
      String path,
      Optional<String> query,
      Function<String, Object> headers,
      byte[] body,
      Caller caller) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.body = body;
    this.caller = caller;
  }

  static HttpRequest of(Message message) {
    byte[] read = message.getBody(byte[].class);
    return new HttpRequest(
        message.getHeader(Exchange.HTTP_METHOD, String.class),
        message.getHeader(Exchange.HTTP_PATH, String.class),
        Optional.ofNullable(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class)),
        message::getHeader,
        read == null ? new byte[0] : read,
        Caller.of(message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class)));
  }

  /** An action of the page, which is the same as one of the API. */
  static HttpRequest of(PageActions.Action action) {
    Map<String, String> headers = Map.of(IdempotencyKey.HEADER, action.key(), ACTOR, action.name());
    return new HttpRequest(
        "POST",
        ApiTable.ROOT + action.path(),
        Optional.empty(),
        headers::get,
        action.json().getBytes(StandardCharsets.UTF_8),
        action.caller());
  }

  String method() {
    return method;
  }

  /** As the client wrote it. */
  String path() {
    return path;
  }

  Optional<String> query() {
    return query;
  }

  byte[] body() {
    return body.clone();
  }

  /**
   * @throws ApiException if it is given twice
   */
  Optional<String> header(String name) {
    Object value = headers.apply(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text) {
      return Optional.of(text);
    }
    throw ApiException.badRequest("The header " + name + " is given twice.");
  }

  Optional<String> idempotencyKey() {
    Optional<String> key = header(IdempotencyKey.HEADER);
    if (key.filter(text -> !IdempotencyKey.isValid(text)).isPresent()) {
      throw ApiException.badRequest(
          "The header "
              + IdempotencyKey.HEADER
              + " is not 1 to 128 characters of A-Z a-z 0-9 . _ : / -");
    }
    return key;
  }

  /** Whom the filter let in. */
  Caller caller() {
    return caller;
  }

  /**
   * The credential's name; who shows none, or the token of this machine's own file, says it in a
   * header.
   */
  String actor() {
    boolean shared =
        caller.name().equals(Caller.ANYBODY.name()) || caller.name().equals(ServerFile.CALLER);
    return shared
        ? header(ACTOR)
            .map(name -> ApiText.plain("The header " + ACTOR, name, LONGEST_ACTOR))
            .filter(name -> !name.isBlank())
            .orElse(caller.name())
        : caller.name();
  }
}
