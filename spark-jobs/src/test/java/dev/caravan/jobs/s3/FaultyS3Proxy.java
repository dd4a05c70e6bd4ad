package dev.caravan.jobs.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A line to an S3 server that goes dead at a chosen request: that one and all later ones never
 * reach the server, as if the process that sends them had been killed at that moment.
 */
public final class FaultyS3Proxy implements AutoCloseable {
  private static final Set<String> OWN =
      Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "date");

  static {
    // Head and body of an answer are written apart: the second would wait 40 ms for the client.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final URI server;
  private final HttpServer line;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger copies = new AtomicInteger();
  private volatile Predicate<String> last = request -> false;
  private volatile Predicate<String> refused = request -> false;
  private volatile int refusal = 403;
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile CountDownLatch cut = new CountDownLatch(1);
  private volatile Predicate<String> stalled = request -> false;
  private volatile boolean trickling;
  private final AtomicInteger stalls = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  public FaultyS3Proxy(URI server) {
    this.server = server;
    try {
      line = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.setExecutor(threads);
    line.createContext("/", this::handle);
    line.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + line.getAddress().getPort());
  }

  /** The next request, {@code METHOD /path?query}, that is one of those doesn't come through. */
  public void cutAt(Predicate<String> request) {
    cut = new CountDownLatch(1);
    last = request;
  }

  /** Opens once the line is dead. */
  public CountDownLatch cut() {
    return cut;
  }

  public void mend() {
    cutAt(request -> false);
  }

  /** Such requests are answered with 403, as by a server that takes rights away. */
  public void refuse(Predicate<String> request) {
    refuse(request, 403);
  }

  /** Such requests are answered with {@code status}. */
  public void refuse(Predicate<String> request, int status) {
    refusal = status;
    refused = request;
  }

  /** How many requests were refused. */
  public int refusals() {
    return refusals.get();
  }

  /**
   * Such requests are taken and never answered, until the line is closed.
   *
   * @param trickle whether the answer begins, and goes on with a byte each second
   */
  public void stall(Predicate<String> request, boolean trickle) {
    trickling = trickle;
    stalled = request;
  }

  /** How many requests were left without an answer. */
  public int stalls() {
    return stalls.get();
  }

  /** How many objects were copied on the server, as a rename does. */
  public int copies() {
    return copies.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    try {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (stalled.test(request)) {
        stalls.incrementAndGet();
        hold(exchange);
        return;
      }
      // One at a time: which request is the last must not depend on threads.
      synchronized (this) {
        if (cut.getCount() > 0 && last.test(request)) {
          cut.countDown();
        }
        if (cut.getCount() > 0) {
          if (refused.test(request)) {
            refusals.incrementAndGet();
            exchange.sendResponseHeaders(refusal, -1);
          } else {
            answer(exchange, pass(exchange, body));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private void hold(HttpExchange exchange) throws IOException, InterruptedException {
    if (trickling) {
      exchange.sendResponseHeaders(200, 0);
    }
    while (!closed.await(1, TimeUnit.SECONDS)) {
      if (trickling) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      }
    }
  }

  private HttpResponse<byte[]> pass(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    if (exchange.getRequestHeaders().containsKey("x-amz-copy-source")) {
      copies.incrementAndGet();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (head || !OWN.contains(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    line.stop(0);
    threads.shutdownNow();
  }
}
