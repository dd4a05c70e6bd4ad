package dev.caravan.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of S3 as takes objects, and a metadata server that gives tokens. It can refuse, and it
 * can be heard of no more; both on purpose, which the real ones don't do.
 */
final class FakeS3 implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> puts = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Headers> headers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final CountDownLatch hung = new CountDownLatch(1);
  private volatile boolean refusing;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FakeS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/computeMetadata/", this::token);
    server.createContext("/", this::put);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Settings of an endpoint that ships here, with a static key and short intervals. */
  String[] settings(java.nio.file.Path directory) throws IOException {
    java.nio.file.Path key = directory.resolve("s3.properties");
    java.nio.file.Files.writeString(key, "access-key-id=id\nsecret-access-key=secret\n");
    return new String[] {
      "endpoint.logs-to", "s3://logs/of/batches",
      "endpoint.s3-endpoint", url(),
      "endpoint.s3-path-style", "true",
      "endpoint.s3-credentials-file", key.toString(),
      "endpoint.logs-interval", "50ms",
      "endpoint.s3-timeout", "20s"
    };
  }

  /** Every put is answered with 503. */
  void refusing(boolean value) {
    refusing = value;
  }

  int refusals() {
    return refusals.get();
  }

  /** From now on puts are taken and not answered, until {@link #release}. */
  void hang() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  /** Whether a put is hanging, or has hung. */
  boolean hasHung() {
    return hung.getCount() == 0;
  }

  /** Keys in the order in which they were put. */
  List<String> puts() {
    return List.copyOf(puts);
  }

  List<Headers> headers() {
    return List.copyOf(headers);
  }

  int tokensGiven() {
    return tokens.get();
  }

  /** The manifest at an address; missing if there is none. */
  JsonNode manifest(String address) {
    try {
      return JSON.readTree(objects.getOrDefault(path(address) + "log.json", new byte[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All chunks of a stream in a row. */
  byte[] stream(String address, String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new TreeMap<>(objects)
        .forEach(
            (key, content) -> {
              if (key.startsWith(path(address) + name + "/")) {
                bytes.writeBytes(content);
              }
            });
    return bytes.toByteArray();
  }

  static String path(String address) {
    return address.substring("s3:/".length());
  }

  private void put(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      CountDownLatch now = gate;
      if (now.getCount() > 0) {
        hung.countDown();
        now.await();
      }
      if (refusing) {
        refusals.incrementAndGet();
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      String key = exchange.getRequestURI().getPath();
      objects.put(key, body);
      puts.add(key);
      headers.add(exchange.getRequestHeaders());
      exchange.getResponseHeaders().set("ETag", "\"0\"");
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean asked = "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"));
      byte[] body =
          "{\"access_token\":\"token-%d\",\"expires_in\":43200,\"token_type\":\"Bearer\"}"
              .formatted(tokens.incrementAndGet())
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(asked ? 200 : 403, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
