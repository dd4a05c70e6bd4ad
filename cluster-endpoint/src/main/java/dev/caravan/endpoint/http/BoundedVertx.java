package dev.caravan.endpoint.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Vert.x with bounds on what a connection may cost. Camel's server makes its own {@code
 * HttpServerOptions} and offers no way to change them, but it takes a Vert.x that it finds in the
 * registry; this one adds the bounds when the server is made.
 */
public final class BoundedVertx implements AutoCloseable {
  /** A connection on which nothing moves is closed; longer than the longest DELETE may take. */
  private static final Duration IDLE = Duration.ofSeconds(100);

  private static final int WORKERS = 40;
  private static final int MAX_HEADERS = 16 * 1024;
  private static final int MAX_FIRST_LINE = 8 * 1024;

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setWorkerPoolSize(WORKERS)
              .setEventLoopPoolSize(2)
              .setUseDaemonThread(true));
  private final Duration firstRequest;
  private final Map<HttpConnection, Long> fresh = new ConcurrentHashMap<>();

  /**
   * A Vert.x of our own, to be closed by us.
   *
   * @param firstRequest a connection that brings no whole request head in this time is closed
   */
  public BoundedVertx(Duration firstRequest) {
    this.firstRequest = firstRequest;
  }

  /** To be bound in the registry. */
  public Vertx vertx() {
    return (Vertx)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {VertxInternal.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("createHttpServer")
                  && arguments != null
                  && arguments[0] instanceof HttpServerOptions options) {
                return bounded(options);
              }
              try {
                return method.invoke(vertx, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private HttpServer bounded(HttpServerOptions options) {
    options.setIdleTimeoutUnit(TimeUnit.SECONDS).setIdleTimeout((int) IDLE.toSeconds());
    options.setMaxHeaderSize(MAX_HEADERS).setMaxInitialLineLength(MAX_FIRST_LINE);
    options.setHandle100ContinueAutomatically(true);
    // Livy's clients speak HTTP/1.1; what isn't there can't be attacked, and doesn't hold a
    // shutdown up.
    options.setUseAlpn(false).setHttp2ClearTextEnabled(false);
    return vertx.createHttpServer(options).connectionHandler(this::opened);
  }

  private void opened(HttpConnection connection) {
    long timer =
        vertx.setTimer(
            firstRequest.toMillis(),
            expired -> {
              fresh.remove(connection);
              connection.close();
            });
    fresh.put(connection, timer);
    connection.closeHandler(closed -> asked(connection));
  }

  /** A whole request head has come, or the connection is gone. */
  void asked(HttpConnection connection) {
    Long timer = fresh.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(5, TimeUnit.SECONDS)
        .exceptionally(e -> null)
        .join();
  }
}
