package dev.caravan.endpoint.http;

import dev.caravan.endpoint.audit.AuditLog;
import dev.caravan.endpoint.batch.Batch;
import dev.caravan.endpoint.batch.BatchLifecycle;
import dev.caravan.endpoint.batch.BatchRegistry;
import dev.caravan.endpoint.batch.Outcome;
import dev.caravan.endpoint.batch.Submission;
import dev.caravan.endpoint.batch.Submission.Accepted;
import dev.caravan.endpoint.lease.LeaseKeeper;
import dev.caravan.endpoint.stages.ApplicationStages;
import dev.caravan.endpoint.submit.SparkSubmitCommand;
import dev.caravan.endpoint.submit.SubmissionBody;
import dev.caravan.endpoint.submit.SubmissionBodyReader;
import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.shared.batches.HostFile;
import dev.caravan.shared.batches.IdempotencyKey;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.SparkStage;
import dev.caravan.shared.http.Caller;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;

/** The calls of the batch protocol, one method each; the routes map paths to them. */
public final class BatchCalls {
  private final BatchRegistry registry;
  private final BatchLifecycle life;
  private final LeaseKeeper lease;
  private final SparkSubmitCommand command;
  private final AuditLog audit;

  /** A DELETE may hold its thread for a while; this many leave enough threads to the polls. */
  private static final int MAX_DELETES = 16;

  private final Semaphore deletes = new Semaphore(MAX_DELETES);

  /** Reading an event log takes a second of a processor that Spark may want. */
  private static final int MAX_STAGE_READS = 2;

  private final Semaphore stageReads = new Semaphore(MAX_STAGE_READS);
  private final BatchView json;
  private final SubmissionBodyReader reader = new SubmissionBodyReader();

  /** One for all requests; thread-safe. */
  public BatchCalls(
      BatchRegistry registry,
      BatchLifecycle life,
      LeaseKeeper lease,
      SparkSubmitCommand command,
      AuditLog audit,
      Optional<ResourceManager> yarn) {
    this.json = new BatchView(yarn);
    this.audit = audit;
    this.registry = registry;
    this.life = life;
    this.lease = lease;
    this.command = command;
  }

  /** POST /batches. */
  public Response submit(Exchange exchange) {
    Request request = new Request(exchange);
    SubmissionBody body = reader.read(request.body());
    Submission submission =
        new Submission(
            request.caller().name(),
            body.name(),
            body.proxyUser(),
            request.idempotencyKey(),
            body.hash(),
            body.notes(),
            tag -> command.words(body, tag));
    Accepted accepted = lease.admit(() -> life.submit(submission));
    Batch batch = accepted.batch();
    audit(
        exchange,
        (accepted.replayed() ? "replay batch " : "submit batch ")
            + batch.record().id()
            + ": "
            + body.file(),
        201);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Location", "/batches/" + batch.record().id());
    if (accepted.replayed()) {
      headers.put(IdempotencyKey.REPLAY_HEADER, "true");
    }
    return new Response(201, headers, json.of(batch));
  }

  /**
   * POST /batches/validate, which is not of Livy: refuses what POST /batches would refuse of this
   * body, and says which of its files are not on this host. It starts and keeps nothing.
   */
  public Response validate(Exchange exchange) {
    SubmissionBody body = reader.read(new Request(exchange).body());
    command.words(body, "validation");
    List<String> missing = body.places().stream().filter(BatchCalls::isMissing).toList();
    return Response.ok(Map.of("missing", missing));
  }

  private static boolean isMissing(String place) {
    return HostFile.of(place).filter(path -> !Files.isReadable(path)).isPresent();
  }

  /** GET /batches. */
  public Response list(Exchange exchange) {
    Request request = new Request(exchange);
    long from = Math.max(0, request.number("from", 0));
    long size = request.number("size", 100);
    List<Batch> all = registry.listed();
    List<Map<String, Object>> page =
        json.of(all.stream().skip(from).limit(size < 0 ? Long.MAX_VALUE : size).toList());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", from);
    fields.put("total", all.size());
    fields.put("sessions", page);
    return Response.ok(fields);
  }

  /** GET /batches/{id or name}. */
  public Response show(Exchange exchange) {
    return Response.ok(json.of(find(exchange)));
  }

  /** GET or POST /batches/{id}/state. */
  public Response state(Exchange exchange) {
    Batch batch = find(exchange);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", batch.record().id());
    fields.put("state", batch.state().wire());
    return Response.ok(fields);
  }

  /** GET or POST /batches/{id}/log. */
  public Response log(Exchange exchange) {
    Batch batch = find(exchange);
    Request request = new Request(exchange);
    LogPage page = batch.log().page(request.number("from", -1), request.number("size", 100));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", batch.record().id());
    fields.put("from", page.from());
    fields.put("total", page.total());
    fields.put("log", page.lines());
    return Response.ok(fields);
  }

  /** GET /batches/{id}/stages; reads what Spark wrote, of a batch that has ended. */
  public Response stages(Exchange exchange) {
    Batch batch = find(exchange);
    Optional<Outcome> outcome = batch.outcome();
    if (outcome.isEmpty()) {
      return stages(batch, new ApplicationStages(List.of(), Optional.of("it has not ended yet")));
    }
    if (!stageReads.tryAcquire()) {
      return Response.failed(503, "Too many event logs are being read at once; try again.");
    }
    try {
      Instant end = outcome.get().endedAt();
      return stages(
          batch,
          ApplicationStages.read(
              batch.words(), batch.applicationId(), batch.startedAt().orElse(end), end));
    } finally {
      stageReads.release();
    }
  }

  private static Response stages(Batch batch, ApplicationStages known) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", batch.record().id());
    fields.put("appId", batch.applicationId().orElse(null));
    fields.put("stages", known.stages().stream().map(BatchCalls::stage).toList());
    fields.put("reason", known.reason().orElse(null));
    return Response.ok(fields);
  }

  private static Map<String, Object> stage(SparkStage stage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", stage.id());
    fields.put("attempt", stage.attempt());
    fields.put("name", stage.name());
    fields.put("submittedAt", stage.submittedAt().map(Object::toString).orElse(null));
    fields.put("completedAt", stage.completedAt().map(Object::toString).orElse(null));
    fields.put("tasks", stage.tasks());
    fields.put("failure", stage.failure().orElse(null));
    return fields;
  }

  /** DELETE /batches/{id}; answers when nothing of the batch is left, and hides it then. */
  public Response delete(Exchange exchange) throws InterruptedException {
    Batch batch = find(exchange);
    Caller caller = new Request(exchange).caller();
    if (!caller.mayEnd(batch.record().owner())) {
      audit(exchange, "delete batch " + batch.record().id(), 403);
      throw new ForbiddenException(
          "Batch "
              + batch.record().id()
              + " belongs to '"
              + batch.record().owner()
              + "'; ending it requires the right admin.");
    }
    if (!deletes.tryAcquire()) {
      return Response.failed(503, "Too many batches are being ended at once; try again.");
    }
    Optional<String> leftover;
    try {
      leftover = life.kill(batch, "it was deleted by '" + caller.name() + "'");
      if (leftover.isEmpty()) {
        registry.delete(batch);
      }
    } finally {
      deletes.release();
    }
    audit(exchange, "delete batch " + batch.record().id(), leftover.isEmpty() ? 200 : 500);
    if (leftover.isEmpty()) {
      return Response.ok(Map.of("msg", "deleted"));
    }
    return Response.failed(
        500,
        "Batch "
            + batch.record().id()
            + " was told to end, but "
            + leftover.get()
            + ". Ask again.");
  }

  private void audit(Exchange exchange, String what, int status) {
    Request request = new Request(exchange);
    audit.write(request.caller().name(), request.address(), what, status);
  }

  Batch find(Exchange exchange) {
    String wanted = new Request(exchange).batch();
    return registry
        .find(wanted)
        .orElseThrow(() -> new NotFoundException("Session '" + wanted + "' not found."));
  }
}
