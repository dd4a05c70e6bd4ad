package dev.caravan.routes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.routes.operations.OperationException;
import dev.caravan.routes.operations.OperationException.Reason;
import dev.caravan.routes.operations.ViewJson;
import dev.caravan.shared.batches.IdempotencyKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Sends requests to a server's API. The JDK's old client: it starts in a third of the new one's
 * time, and a command makes one request or two.
 */
final class ApiConnection {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final URI server;
  private final Optional<String> token;
  private final Optional<TrustedServer> trusted;

  /**
   * @param server such as {@code http://127.0.0.1:8180}
   * @param token a bearer token
   * @param trusted whom to trust over TLS; empty: whom the JVM does
   */
  ApiConnection(URI server, Optional<String> token, Optional<TrustedServer> trusted) {
    this.server = server;
    this.token = token;
    this.trusted = trusted;
  }

  URI server() {
    return server;
  }

  /**
   * Asks for something.
   *
   * @param path below {@code /api/v1}, with its query
   * @throws OperationException if it is refused, or the server doesn't answer
   */
  <T> T get(String path, JavaType type) {
    return read(send("GET", path, Optional.empty(), Map.of()), type);
  }

  /**
   * The same with a body, and without any effect at the server.
   *
   * @throws OperationException as {@link #get} does
   */
  <T> T ask(String path, Object body, JavaType type) {
    return read(send("POST", path, Optional.of(json(body)), Map.of()), type);
  }

  /**
   * Has something done, once: a key tells the server of a repetition after a broken connection.
   *
   * @param actor who wants it
   * @throws OperationException as {@link #get} does
   */
  <T> T act(String path, Object body, String actor, JavaType type) {
    Map<String, String> headers =
        Map.of(
            IdempotencyKey.HEADER,
            "cli-" + UUID.randomUUID(),
            "X-Caravan-Actor",
            actor.replaceAll("[^\\x20-\\x7e]", "?"));
    String text = json(body);
    try {
      return read(send("POST", path, Optional.of(text), headers), type);
    } catch (LostAnswerException e) {
      return read(send("POST", path, Optional.of(text), headers), type);
    }
  }

  /** The request may have been heard. */
  private static final class LostAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record Answer(int status, byte[] body) {}

  private Answer send(
      String method, String path, Optional<String> body, Map<String, String> headers) {
    boolean sent = false;
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(server + "/api/v1" + path).toURL().openConnection();
      trusted.ifPresent(known -> known.requireOf(connection));
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) ANSWER.toMillis());
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(method);
      connection.setRequestProperty("Accept", "application/json");
      token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
      headers.forEach(connection::setRequestProperty);
      if (body.isPresent()) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.get().getBytes(StandardCharsets.UTF_8));
      }
      connection.connect();
      sent = true;
      int status = connection.getResponseCode();
      try (InputStream stream =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(status, stream == null ? new byte[0] : stream.readAllBytes());
      }
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      if (sent && headers.containsKey(IdempotencyKey.HEADER)) {
        throw (LostAnswerException) new LostAnswerException().initCause(e);
      }
      throw unreachable(e.toString());
    }
  }

  private OperationException unreachable(String why) {
    return new OperationException(
        Reason.UNAVAILABLE, "The server at " + server + " doesn't answer: " + why);
  }

  private <T> T read(Answer answer, JavaType type) {
    if (answer.status() >= 300) {
      throw refusal(answer);
    }
    try {
      return ViewJson.mapper().readValue(answer.body(), type);
    } catch (JsonProcessingException e) {
      throw unreachable("what it says is not of Caravan's API: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw unreachable(e.toString());
    }
  }

  /** In the server's words, if it has any. */
  private OperationException refusal(Answer answer) {
    Reason reason =
        switch (answer.status()) {
          case 400, 401, 403, 413, 415 -> Reason.INVALID;
          case 404, 405 -> Reason.NOT_FOUND;
          case 409 -> Reason.CONFLICT;
          default -> Reason.UNAVAILABLE;
        };
    try {
      JsonNode detail = ViewJson.mapper().readTree(answer.body()).path("detail");
      if (detail.isTextual()) {
        return new OperationException(reason, detail.textValue());
      }
    } catch (IOException e) {
      // Told without its words.
    }
    return new OperationException(
        reason, "The server at " + server + " answers with HTTP status " + answer.status() + ".");
  }

  private static String json(Object body) {
    try {
      return ViewJson.mapper().writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A request is always JSON", e);
    }
  }
}
