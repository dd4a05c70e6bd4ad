package dev.caravan.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The services of the cloud that a cluster's master meets: its metadata, Lockbox and Object
 * Storage, over real HTTP on loopback. Each takes the token of the machine's account in its own way
 * and refuses a call without it.
 */
final class EmulatedServices implements AutoCloseable {
  static final String IAM_TOKEN = "t1.machine-account_token-4711";

  private static final String TOKEN_PATH =
      "/computeMetadata/v1/instance/service-accounts/default/token";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer metadata;
  private final HttpServer lockbox;
  private final HttpServer storage;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

  EmulatedServices() throws IOException {
    metadata = serve(this::metadata);
    lockbox = serve(this::lockbox);
    storage = serve(this::storage);
  }

  private HttpServer serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  /** Where they are, as the script is told. */
  Map<String, String> environment() {
    return Map.of(
        "CARAVAN_METADATA", address(metadata),
        "CARAVAN_LOCKBOX", address(lockbox),
        "CARAVAN_S3", address(storage));
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Puts an object there; the name is {@code bucket/key}. */
  void put(String name, String text) {
    objects.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, Path file) throws IOException {
    objects.put(name, Files.readAllBytes(file));
  }

  /** Puts a file there, and its SHA-256 beside it. */
  void putWithSum(String name, Path file) throws IOException {
    put(name, file);
    put(name + ".sha256", Digests.sha256(file) + "  " + name.replaceAll(".*/", "") + "\n");
  }

  void remove(String name) {
    objects.remove(name);
  }

  String text(String name) {
    byte[] object = objects.get(name);
    if (object == null) {
      throw new IllegalStateException("there is no " + name + ", only " + objects.keySet());
    }
    return new String(object, StandardCharsets.UTF_8);
  }

  void secret(String id, String payload) {
    secrets.put(id, payload);
  }

  /** Method and address of all calls to Object Storage since the last question. */
  String callsToStorage() {
    StringBuilder text = new StringBuilder();
    for (String call = calls.poll(); call != null; call = calls.poll()) {
      text.append(call).append('\n');
    }
    return text.toString();
  }

  private void metadata(HttpExchange call) throws IOException {
    boolean meant = "Google".equals(call.getRequestHeaders().getFirst("Metadata-Flavor"));
    boolean there = TOKEN_PATH.equals(call.getRequestURI().getPath());
    answer(
        call,
        !there ? 404 : meant ? 200 : 403,
        "{\"access_token\":\"%s\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
            .formatted(IAM_TOKEN)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void lockbox(HttpExchange call) throws IOException {
    String id =
        call.getRequestURI().getPath().replaceFirst("^/lockbox/v1/secrets/([^/]*)/payload$", "$1");
    String payload = secrets.get(id);
    if (!("Bearer " + IAM_TOKEN).equals(call.getRequestHeaders().getFirst("Authorization"))) {
      answer(call, 401, new byte[0]);
    } else if (payload == null) {
      answer(call, 404, new byte[0]);
    } else {
      answer(call, 200, payload.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void storage(HttpExchange call) throws IOException {
    String name = call.getRequestURI().getPath().substring(1);
    calls.add(call.getRequestMethod() + " " + name);
    byte[] body = call.getRequestBody().readAllBytes();
    if (!IAM_TOKEN.equals(call.getRequestHeaders().getFirst("X-YaCloud-SubjectToken"))) {
      answer(call, 403, new byte[0]);
    } else if (call.getRequestMethod().equals("PUT")) {
      objects.put(name, body);
      answer(call, 200, new byte[0]);
    } else if (objects.containsKey(name)) {
      answer(call, 200, objects.get(name));
    } else {
      answer(call, 404, "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void answer(HttpExchange call, int status, byte[] body) throws IOException {
    try (call) {
      call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        call.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    metadata.stop(0);
    lockbox.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
