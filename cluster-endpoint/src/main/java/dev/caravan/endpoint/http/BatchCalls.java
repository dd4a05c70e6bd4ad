package dev.caravan.endpoint.http;

import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchBook;
import dev.caravan.endpoint.batch.BatchLife;
import dev.caravan.endpoint.batch.Submission;
import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.log.LogPage;
import dev.caravan.endpoint.submit.BatchRequest;
import dev.caravan.endpoint.submit.BatchRequestReader;
import dev.caravan.endpoint.submit.SparkSubmitCommand;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** The calls of the protocol's table, one method each; the routes say which path leads where. */
public final class BatchCalls {
  private final BatchBook book;
  private final BatchLife life;
  private final SparkSubmitCommand command;
  private final BatchRequestReader reader = new BatchRequestReader();

  /** One for all requests; thread-safe. */
  public BatchCalls(BatchBook book, BatchLife life, SparkSubmitCommand command) {
    this.book = book;
    this.life = life;
    this.command = command;
  }

  /** POST /batches. */
  public Answer submit(Exchange exchange) {
    Request request = new Request(exchange);
    BatchRequest body = reader.read(request.body());
    Accepted accepted =
        life.submit(
            new Submission(
                request.caller().name(),
                body.name(),
                body.proxyUser(),
                request.idempotencyKey(),
                hash(body),
                tag -> command.words(body, tag)));
    Batch batch = accepted.batch();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Location", "/batches/" + batch.record().id());
    if (accepted.replayed()) {
      headers.put("Idempotent-Replay", "true");
    }
    return new Answer(201, headers, BatchJson.of(batch));
  }

  /** GET /batches. */
  public Answer list(Exchange exchange) {
    Request request = new Request(exchange);
    long from = Math.max(0, request.number("from", 0));
    long size = request.number("size", 100);
    List<Map<String, Object>> page =
        book.all().stream()
            .skip(from)
            .limit(size < 0 ? Long.MAX_VALUE : size)
            .map(BatchJson::of)
            .toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("from", from);
    json.put("total", book.size());
    json.put("sessions", page);
    return Answer.ok(json);
  }

  /** GET /batches/{id or name}. */
  public Answer show(Exchange exchange) {
    return Answer.ok(BatchJson.of(find(exchange)));
  }

  /** GET or POST /batches/{id}/state. */
  public Answer state(Exchange exchange) {
    Batch batch = find(exchange);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", batch.record().id());
    json.put("state", batch.state().wire());
    return Answer.ok(json);
  }

  /** GET or POST /batches/{id}/log. */
  public Answer log(Exchange exchange) {
    Batch batch = find(exchange);
    Request request = new Request(exchange);
    LogPage page = batch.log().page(request.number("from", -1), request.number("size", 100));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", batch.record().id());
    json.put("from", page.from());
    json.put("total", page.total());
    json.put("log", page.lines());
    return Answer.ok(json);
  }

  /** DELETE /batches/{id}; answers when nothing of the batch is left. */
  public Answer delete(Exchange exchange) throws InterruptedException {
    Batch batch = find(exchange);
    Caller caller = new Request(exchange).caller();
    if (!caller.mayEnd(batch.record().owner())) {
      throw new ForbiddenException(
          "Batch "
              + batch.record().id()
              + " belongs to '"
              + batch.record().owner()
              + "'; ending it needs the right admin.");
    }
    if (life.kill(batch, "it was deleted by '" + caller.name() + "'")) {
      return Answer.ok(Map.of("msg", "deleted"));
    }
    return Answer.failed(
        500,
        "Batch "
            + batch.record().id()
            + " was told to end, but its processes could not be seen gone in time; its log says more. Ask again.");
  }

  private Batch find(Exchange exchange) {
    String wanted = new Request(exchange).batch();
    return book.find(wanted)
        .orElseThrow(() -> new NotFoundException("Session '" + wanted + "' not found."));
  }

  /** Of the request as it was understood: the order of fields and blanks don't matter. */
  private static String hash(BatchRequest body) {
    try {
      byte[] text = body.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
