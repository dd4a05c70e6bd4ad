package dev.caravan.routes.api;

import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.http.Caller;
import io.vertx.ext.auth.User;
import java.util.Optional;
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

  private final Message message;
  private final byte[] body;

  HttpRequest(Message message) {
    this.message = message;
    byte[] read = message.getBody(byte[].class);
    this.body = read == null ? new byte[0] : read;
  }

  String method() {
    return message.getHeader(Exchange.HTTP_METHOD, String.class);
  }

  /** As the client wrote it. */
  String path() {
    return message.getHeader(Exchange.HTTP_PATH, String.class);
  }

  Optional<String> query() {
    return Optional.ofNullable(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class));
  }

  byte[] body() {
    return body.clone();
  }

  /**
   * @throws ApiException if it is given twice
   */
  Optional<String> header(String name) {
    Object value = message.getHeader(name);
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
    return Caller.of(message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class));
  }

  /**
   * The credential's name; who shows none, or the token of this machine's own file, says it in a
   * header.
   */
  String actor() {
    Caller caller = caller();
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
