package dev.caravan.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Vert.x with limits on the resources of a connection. Camel's server makes its own {@code
 * HttpServerOptions} and offers no way to change them, but it takes a Vert.x that it finds in the
 * registry; this one adds the bounds when the server is made.
 */
public final class BoundedVertx implements AutoCloseable {
  /** A connection on which nothing moves is closed; longer than the longest DELETE may take. */
  private static final Duration IDLE = Duration.ofSeconds(100);

  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final int WORKERS = 24;
  private static final int MAX_HEADERS = 16 * 1024;
  private static final int MAX_FIRST_LINE = 8 * 1024;

  /** A worker without work ends after this. */
  private static final Duration IDLE_WORKER = Duration.ofMinutes(1);

  private final Vertx vertx =
      new VertxBuilder(
              new VertxOptions()
                  .setWorkerPoolSize(WORKERS)
                  .setEventLoopPoolSize(2)
                  .setUseDaemonThread(true))
          .executorServiceFactory((threads, most, never) -> workers(threads, most))
          .init()
          .vertx();
  private final Duration firstRequest;
  private final ErrorFormat errors;
  private final Map<HttpConnection, Long> fresh = new ConcurrentHashMap<>();

  /**
   * A Vert.x of our own, to be closed by us.
   *
   * @param firstRequest a connection that brings no whole request head in this time is closed
   * @param errors how a path that can't be read is refused
   */
  public BoundedVertx(Duration firstRequest, ErrorFormat errors) {
    this.firstRequest = firstRequest;
    this.errors = errors;
  }

  /**
   * Vert.x's own pool makes all its threads one after the other, even for one caller who asks and
   * waits; each costs a stack and buffers. Here a task goes to a thread that waits, else to a new
   * one, and into the queue only when all are busy.
   */
  private static ExecutorService workers(ThreadFactory threads, int most) {
    LinkedTransferQueue<Runnable> queue =
        new LinkedTransferQueue<>() {
          @Override
          public boolean offer(Runnable task) {
            return tryTransfer(task);
          }
        };
    RejectedExecutionHandler allBusy =
        (task, pool) -> {
          if (pool.isShutdown()) {
            throw new RejectedExecutionException("The server stops.");
          }
          queue.put(task);
        };
    return new ThreadPoolExecutor(
        1, most, IDLE_WORKER.toSeconds(), TimeUnit.SECONDS, queue, threads, allBusy);
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
    // The clients speak HTTP/1.1; what isn't there can't be attacked, and doesn't hold a
    // shutdown up.
    options.setUseAlpn(false).setHttp2ClearTextEnabled(false);
    return new ReadablePaths((VertxInternal) vertx, options, errors)
        .connectionHandler(this::opened);
  }

  /**
   * Vert.x's router meets a path like {@code /%zz} with a stack trace in the log and bare text in
   * the answer, before any of our handlers is asked; such a path is refused before it.
   */
  private static final class ReadablePaths extends HttpServerImpl {
    private final ErrorFormat errors;

    ReadablePaths(VertxInternal vertx, HttpServerOptions options, ErrorFormat errors) {
      super(vertx, options);
      this.errors = errors;
    }

    @Override
    public synchronized HttpServer requestHandler(Handler<HttpServerRequest> router) {
      return super.requestHandler(
          request -> {
            if (isReadable(request.path())) {
              router.handle(request);
            } else {
              errors.write(
                  request.response(), 400, "The path contains a % that is not part of an escape.");
            }
          });
    }

    private static boolean isReadable(String path) {
      return path == null || path.indexOf('%') < 0 || !BAD_ESCAPE.matcher(path).find();
    }
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
