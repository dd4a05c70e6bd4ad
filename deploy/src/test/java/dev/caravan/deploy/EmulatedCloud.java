package dev.caravan.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a VM meets in the cloud: metadata service, Lockbox, and Object Storage with the files of a
 * directory. Storage and Lockbox want the token that the metadata service gives.
 */
final class EmulatedCloud implements AutoCloseable {
  static final String TOKEN = "t1.a-token_of.the-VM";

  private final HttpServer server;
  private final Path buckets;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  EmulatedCloud(Path buckets) throws IOException {
    this.buckets = buckets;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A secret's payload, as Lockbox answers it. */
  void secret(String id, String payload) {
    secrets.put(id, payload);
  }

  /** From now on nothing but 404, or not any more. */
  void away(boolean now) {
    away = now;
  }

  /** Paths that were asked for since the last time. */
  List<String> requests() {
    List<String> made = List.copyOf(requests);
    requests.clear();
    return made;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    byte[] body = away ? null : body(exchange, path);
    exchange.sendResponseHeaders(
        body == null ? 404 : 200, body == null || body.length == 0 ? -1 : body.length);
    if (body != null) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private byte[] body(HttpExchange exchange, String path) throws IOException {
    var headers = exchange.getRequestHeaders();
    if (path.equals("/computeMetadata/v1/instance/service-accounts/default/token")) {
      return "Google".equals(headers.getFirst("Metadata-Flavor"))
          ? "{\"access_token\":\"%s\",\"expires_in\":42000,\"token_type\":\"Bearer\"}"
              .formatted(TOKEN)
              .getBytes(StandardCharsets.UTF_8)
          : null;
    }
    if (path.startsWith("/lockbox/v1/secrets/")) {
      String payload = secrets.get(path.split("/")[4]);
      return ("Bearer " + TOKEN).equals(headers.getFirst("Authorization")) && payload != null
          ? payload.getBytes(StandardCharsets.UTF_8)
          : null;
    }
    Path object = buckets.resolve(path.substring(1)).normalize();
    return TOKEN.equals(headers.getFirst("X-YaCloud-SubjectToken"))
            && object.startsWith(buckets)
            && Files.isRegularFile(object)
        ? Files.readAllBytes(object)
        : null;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
