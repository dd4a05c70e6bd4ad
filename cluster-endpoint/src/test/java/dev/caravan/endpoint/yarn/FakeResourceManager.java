package dev.caravan.endpoint.yarn;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * The three resources of a ResourceManager's REST API that the endpoint uses. Killing takes one
 * more look to show.
 */
public final class FakeResourceManager implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> LIVING = List.of("RUNNING", "KILLING");

  private final HttpServer server;
  private final Map<String, Application> applications = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> kills = new ConcurrentLinkedQueue<>();
  private volatile int nodes = 1;
  private volatile boolean stubborn;
  private volatile boolean broken;

  private record Application(String tag, String state, String finalStatus) {}

  public FakeResourceManager() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ws/v1/cluster/metrics",
        exchange ->
            answer(
                exchange,
                broken ? 500 : 200,
                Map.of("clusterMetrics", Map.of("activeNodes", nodes))));
    server.createContext("/ws/v1/cluster/apps", this::apps);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public void nodes(int number) {
    nodes = number;
  }

  /** Kills are accepted and never happen. */
  public void stubborn(boolean value) {
    stubborn = value;
  }

  /** Everything is answered with 500. */
  public void broken(boolean value) {
    broken = value;
  }

  public void run(String id, String tag) {
    applications.put(id, new Application(tag, "RUNNING", "UNDEFINED"));
  }

  /** The application ends by itself. */
  public void finish(String id, String finalStatus) {
    applications.computeIfPresent(
        id, (key, app) -> new Application(app.tag(), "FINISHED", finalStatus));
  }

  public List<String> kills() {
    return List.copyOf(kills);
  }

  private void apps(HttpExchange exchange) throws IOException {
    if (broken) {
      answer(exchange, 500, Map.of());
    } else if (exchange.getRequestMethod().equals("PUT")) {
      kill(exchange);
    } else {
      String query = exchange.getRequestURI().getQuery();
      boolean livingOnly = query.contains("states=");
      boolean byTag = query.contains("applicationTags=");
      String tag = query.replaceAll(".*applicationTags=([^&]*).*", "$1");
      List<Map<String, String>> found =
          applications.entrySet().stream()
              .filter(entry -> !byTag || entry.getValue().tag().equals(tag))
              .filter(entry -> !livingOnly || LIVING.contains(entry.getValue().state()))
              .map(
                  entry ->
                      Map.of(
                          "id", entry.getKey(),
                          "name", "shell",
                          "user", "ann",
                          "applicationTags", entry.getValue().tag(),
                          "state", entry.getValue().state(),
                          "finalStatus", entry.getValue().finalStatus()))
              .collect(Collectors.toList());
      applications.replaceAll(
          (id, app) ->
              app.state().equals("KILLING") ? new Application(app.tag(), "KILLED", "KILLED") : app);
      answer(exchange, 200, Map.of("apps", found.isEmpty() ? Map.of() : Map.of("app", found)));
    }
  }

  private void kill(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String id = exchange.getRequestURI().getPath().replaceAll(".*/apps/([^/]+)/state", "$1");
    if (!body.equals("{\"state\":\"KILLED\"}") || !applications.containsKey(id)) {
      answer(exchange, 400, Map.of());
      return;
    }
    kills.add(id);
    if (!stubborn) {
      applications.computeIfPresent(
          id, (key, app) -> new Application(app.tag(), "KILLING", "UNDEFINED"));
    }
    answer(exchange, 202, Map.of("state", "RUNNING"));
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
