package dev.caravan.cloud.yandex;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * The metadata server that a cloud machine finds at 169.254.169.254: hands out tokens of the
 * machine's service account.
 */
final class MetadataServer implements AutoCloseable {

  private static final String TOKEN_PATH =
      "/computeMetadata/v1/instance/service-accounts/default/token";

  private final HttpServer server;
  private final IssuedTokens tokens;
  private final Clock clock;

  MetadataServer(IssuedTokens tokens, Clock clock, ExecutorService executor) throws IOException {
    this.tokens = tokens;
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!TOKEN_PATH.equals(exchange.getRequestURI().getPath())) {
        answer(exchange, 404, "text/plain", "not found");
      } else if (!"Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"))) {
        answer(exchange, 403, "text/plain", "Missing Metadata-Flavor:Google header");
      } else {
        IssuedTokens.IamToken token = tokens.issue(IssuedTokens.Holder.MACHINE);
        long seconds = Duration.between(clock.instant(), token.expiresAt()).toSeconds();
        String body =
            "{\"access_token\":\"%s\",\"expires_in\":%d,\"token_type\":\"Bearer\"}"
                .formatted(token.value(), seconds);
        answer(exchange, 200, "application/json", body);
      }
    }
  }

  private static void answer(HttpExchange exchange, int code, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
