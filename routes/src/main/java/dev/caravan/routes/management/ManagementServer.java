package dev.caravan.routes.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.processors.journal.Journal;
import dev.caravan.routes.api.ResponseCounts;
import dev.caravan.routes.settings.ManagementSettings;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.shared.http.OwnNames;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.CloudErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What watches this server: {@code /metrics} for Prometheus, {@code /health/live}, {@code
 * /health/ready}. It is of the JDK, on a port of its own, and there only if that is set. Begun by
 * {@link #start}; {@link #close()} ends it at once.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);

  /** A scrape reads the journal: several at once would only wait for each other. */
  private static final int THREADS = 2;

  private static final int MOST_WAITING = 20;

  private final HttpServer server;
  private final ExecutorService threads;

  private ManagementServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** An answer. */
  private record Answer(int status, String contentType, String body) {
    private static final String JSON = "application/json";

    private static Answer health(boolean up) {
      return new Answer(up ? 200 : 503, JSON, up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
  }

  /**
   * Listens.
   *
   * @param routesRun whether all routes that are to run do
   * @throws SettingsException if it can't listen there
   */
  public static ManagementServer start(
      ManagementSettings settings,
      Journal journal,
      List<NamedCluster> clusters,
      ResponseCounts api,
      CloudErrors cloud,
      BooleanSupplier routesRun,
      Clock clock) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "management");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    Metrics metrics = new Metrics(journal, clusters, api, cloud, clock);
    try {
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(settings.host(), settings.port().orElseThrow()), MOST_WAITING);
      server.setExecutor(threads);
      Optional<OwnNames> names =
          server.getAddress().getAddress().isLoopbackAddress()
              ? Optional.of(new OwnNames(settings.host()))
              : Optional.empty();
      serve(
          server,
          names,
          "/metrics",
          () -> new Answer(200, MetricsText.CONTENT_TYPE, metrics.text()));
      serve(server, names, "/health/live", () -> Answer.health(true));
      serve(server, names, "/health/ready", () -> Answer.health(isReady(journal, routesRun)));
      server.start();
      return new ManagementServer(server, threads);
    } catch (IOException e) {
      threads.shutdownNow();
      throw new SettingsException(
          "The management server can't listen on %s:%d (caravan.management.host, caravan.management.port): %s"
              .formatted(settings.host(), settings.port().orElseThrow(), e.getMessage()));
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static boolean isReady(Journal journal, BooleanSupplier routesRun) {
    journal.alarms().raised();
    return routesRun.getAsBoolean();
  }

  /**
   * Answers there.
   *
   * @param names that it is to be called by; empty: any
   */
  private static void serve(
      HttpServer server, Optional<OwnNames> names, String path, Supplier<Answer> answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            String asked = exchange.getRequestHeaders().getFirst("Host");
            if (asked != null && names.filter(own -> !own.include(asked)).isPresent()) {
              exchange.sendResponseHeaders(403, -1);
            } else {
              send(exchange, path, answer);
            }
          }
        });
  }

  private static void send(HttpExchange exchange, String path, Supplier<Answer> answer)
      throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (!exchange.getRequestURI().getPath().equals(path)) {
      exchange.sendResponseHeaders(404, -1);
    } else if (!head && !exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      exchange.sendResponseHeaders(405, -1);
    } else {
      Answer made = made(path, answer);
      byte[] body = made.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", made.contentType());
      exchange.sendResponseHeaders(made.status(), head ? -1 : body.length);
      if (!head) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  private static Answer made(String path, Supplier<Answer> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      LOG.warn("{} could not be answered: {}", path, e.getMessage());
      return Answer.health(false);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
