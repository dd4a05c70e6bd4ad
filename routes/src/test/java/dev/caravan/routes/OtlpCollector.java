package dev.caravan.routes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A collector that takes OTLP over HTTP as protobuf, and answers 200 unless told otherwise. */
final class OtlpCollector implements AutoCloseable {

  /**
   * What it has accepted.
   *
   * @param service the attributes of what sent it
   */
  record Accepted(
      Map<String, List<String>> headers, Map<String, String> service, List<Span> spans) {
    /** The ids of all traces in it. */
    List<String> traces() {
      return spans.stream().map(span -> hex(span.getTraceId().toByteArray())).distinct().toList();
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Integer> next = new ConcurrentLinkedQueue<>();
  private final List<Accepted> accepted = new CopyOnWriteArrayList<>();
  private final List<Integer> refused = new CopyOnWriteArrayList<>();

  private OtlpCollector(HttpServer server) {
    this.server = server;
  }

  static OtlpCollector start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    OtlpCollector collector = new OtlpCollector(server);
    server.createContext("/v1/traces", collector::answer);
    server.setExecutor(collector.threads);
    server.start();
    return collector;
  }

  /** The answer to the next request that has none yet. */
  OtlpCollector refuseNext(int status) {
    next.add(status);
    return this;
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Integer refusal = next.poll();
      if (refusal != null) {
        exchange.sendResponseHeaders(refusal, -1);
        refused.add(refusal);
        return;
      }
      boolean protobuf =
          "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
      if (!protobuf || !exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(415, -1);
        refused.add(415);
        return;
      }
      accept(exchange, ExportTraceServiceRequest.parseFrom(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(HttpExchange exchange, ExportTraceServiceRequest request) throws IOException {
    accepted.add(
        new Accepted(
            Map.copyOf(exchange.getRequestHeaders()),
            request.getResourceSpansList().stream()
                .flatMap(each -> each.getResource().getAttributesList().stream())
                .collect(
                    Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue())),
            request.getResourceSpansList().stream()
                .flatMap(each -> each.getScopeSpansList().stream())
                .flatMap(each -> each.getSpansList().stream())
                .toList()));
    byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  List<Accepted> accepted() {
    return List.copyOf(accepted);
  }

  /** The statuses of its refusals. */
  List<Integer> refused() {
    return List.copyOf(refused);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
