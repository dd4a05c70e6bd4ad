package dev.caravan.routes.page;

import dev.caravan.routes.operations.OperationException;
import dev.caravan.shared.http.Caller;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.auth.User;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * What a browser asks for.
 *
 * @param looks whether it only looks: GET or HEAD
 * @param segments of the path, decoded; none for the first page
 * @param query each parameter's first value
 * @param form each field's first value
 * @param etag what the browser has already
 * @param address the client's
 */
record PageCall(
    boolean looks,
    List<String> segments,
    Map<String, String> query,
    Map<String, String> form,
    Optional<String> etag,
    Caller caller,
    String address) {

  static PageCall of(Message message) {
    String method = message.getHeader(Exchange.HTTP_METHOD, String.class);
    return new PageCall(
        method.equals("GET") || method.equals("HEAD"),
        segments(message.getHeader(Exchange.HTTP_PATH, String.class)),
        pairs(message.getHeader(Exchange.HTTP_RAW_QUERY, "", String.class)),
        form(message.getBody()),
        Optional.ofNullable(message.getHeader("If-None-Match"))
            .filter(String.class::isInstance)
            .map(String.class::cast),
        Caller.of(message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class)),
        Optional.ofNullable(
                message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, Object.class))
            .map(PageCall::host)
            .orElse("unknown"));
  }

  private static String host(Object address) {
    return address instanceof SocketAddress socket ? socket.hostAddress() : address.toString();
  }

  private static List<String> segments(String path) {
    return Arrays.stream(path.split("/"))
        .filter(part -> !part.isEmpty())
        .map(PageCall::decoded)
        .toList();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static Map<String, String> pairs(String raw) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        pairs.putIfAbsent(decoded(parts[0].replace('+', ' ')), decoded(parts[1].replace('+', ' ')));
      }
    }
    return pairs;
  }

  /** The server reads a form itself, and gives a field that comes twice as a list. */
  private static Map<String, String> form(Object body) {
    Map<String, String> fields = new HashMap<>();
    if (body instanceof Map<?, ?> form) {
      form.forEach(
          (name, value) ->
              fields.put(
                  name.toString(),
                  value instanceof List<?> several
                      ? several.get(0).toString()
                      : value == null ? "" : value.toString()));
    }
    return fields;
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
  }

  Optional<LocalDate> date(String name) {
    try {
      return query(name).map(LocalDate::parse);
    } catch (DateTimeException e) {
      throw new OperationException(
          OperationException.Reason.INVALID,
          "'" + query.get(name) + "' is not a date of the form YYYY-MM-DD.");
    }
  }

  /**
   * @param otherwise where none is given, or one outside of these bounds
   */
  int number(String name, int least, int most, int otherwise) {
    return query(name)
        .filter(text -> text.matches("-?\\d{1,9}"))
        .map(Integer::parseInt)
        .filter(value -> value >= least && value <= most)
        .orElse(otherwise);
  }
}
