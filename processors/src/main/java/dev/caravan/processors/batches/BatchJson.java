package dev.caravan.processors.batches;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.shared.batches.BatchState;
import dev.caravan.shared.batches.LogPage;
import dev.caravan.shared.batches.SelfStop;
import dev.caravan.shared.batches.SparkStage;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The protocol's JSON. Keys that it doesn't name are kept or ignored, never an error. */
final class BatchJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NAMED = Set.of("id", "name", "state", "appId", "log");
  private static final int LONGEST_WORDS = 500;

  private BatchJson() {}

  /** A page of {@code GET /batches}. */
  record Page(int total, List<Batch> batches) {}

  /** The body of a submission, as a tree; empty values are left out. */
  static ObjectNode body(BatchRequest request) {
    ObjectNode body = JSON.createObjectNode();
    body.put("file", request.file());
    request.className().ifPresent(value -> body.put("className", value));
    request.name().ifPresent(value -> body.put("name", value));
    putList(body, "args", request.args());
    putList(body, "pyFiles", request.pyFiles());
    putList(body, "jars", request.jars());
    putList(body, "files", request.files());
    putList(body, "archives", request.archives());
    if (!request.conf().isEmpty()) {
      ObjectNode conf = body.putObject("conf");
      request.conf().forEach(conf::put);
    }
    request.queue().ifPresent(value -> body.put("queue", value));
    request.driverMemory().ifPresent(value -> body.put("driverMemory", value));
    request.driverCores().ifPresent(value -> body.put("driverCores", value));
    request.executorMemory().ifPresent(value -> body.put("executorMemory", value));
    request.executorCores().ifPresent(value -> body.put("executorCores", value));
    request.numExecutors().ifPresent(value -> body.put("numExecutors", value));
    return body;
  }

  private static void putList(ObjectNode body, String name, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(body.putArray(name)::add);
    }
  }

  static Batch batch(byte[] body) throws IOException {
    return batch(JSON.readTree(body));
  }

  static Page page(byte[] body) throws IOException {
    JsonNode page = JSON.readTree(body);
    List<Batch> batches = new ArrayList<>();
    for (JsonNode each : page.path("sessions")) {
      batches.add(batch(each));
    }
    return new Page(number(page, "total"), batches);
  }

  static LogPage log(byte[] body) throws IOException {
    JsonNode page = JSON.readTree(body);
    number(page, "id"); // of every page, ours and Livy's
    return new LogPage(number(page, "from"), number(page, "total"), texts(page.path("log")));
  }

  static List<SparkStage> stages(byte[] body) throws IOException {
    List<SparkStage> stages = new ArrayList<>();
    for (JsonNode stage : JSON.readTree(body).path("stages")) {
      stages.add(
          new SparkStage(
              number(stage, "id"),
              number(stage, "attempt"),
              text(stage, "name").orElse(""),
              time(stage, "submittedAt"),
              time(stage, "completedAt"),
              number(stage, "tasks"),
              text(stage, "failure")));
    }
    return stages;
  }

  private static Optional<Instant> time(JsonNode node, String key) throws IOException {
    try {
      return text(node, key).map(Instant::parse);
    } catch (DateTimeException e) {
      throw new IOException("no time '" + key + "'", e);
    }
  }

  /** The files that an endpoint misses. */
  static List<String> missing(byte[] body) throws IOException {
    JsonNode missing = JSON.readTree(body).path("missing");
    if (!missing.isArray()) {
      throw new IOException("no list 'missing'");
    }
    return texts(missing);
  }

  /** The body of a renewal of the lease. */
  static byte[] lease(String run, Duration ttl) {
    ObjectNode body = JSON.createObjectNode();
    body.put("ttlSeconds", Math.max(1, ttl.toSeconds()));
    body.put("run", run);
    return body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static Lease lease(byte[] body) throws IOException {
    JsonNode lease = JSON.readTree(body);
    if (!lease.path("lapsed").isBoolean()) {
      throw new IOException("no truth 'lapsed'");
    }
    List<String> foreign = new ArrayList<>();
    for (JsonNode app : lease.path("foreignApplications")) {
      foreign.add(
          "%s (%s, of %s)"
              .formatted(
                  app.path("id").asText(), app.path("name").asText(), app.path("user").asText()));
    }
    return new Lease(lease.path("lapsed").booleanValue(), foreign);
  }

  /** The version of our endpoint; empty for another server's answer. */
  static Optional<String> caravanVersion(byte[] body) throws IOException {
    return text(JSON.readTree(body), "caravan");
  }

  static boolean isReady(byte[] body) {
    return tree(body).map(answer -> answer.path("ready").asBoolean(false)).orElse(false);
  }

  /** Why the endpoint stops its own cluster, if its health says that it does. */
  static Optional<SelfStop> stopping(byte[] body) {
    return tree(body).flatMap(answer -> SelfStop.of(answer.path("stopping").asText()));
  }

  /** Whether the endpoint itself speaks; a proxy's or a starting server's page isn't JSON. */
  static boolean isJson(byte[] body) {
    return tree(body).isPresent();
  }

  /** Whether it is an object, as every answer of our endpoint is. */
  static boolean isObject(byte[] body) {
    return tree(body).filter(JsonNode::isObject).isPresent();
  }

  /** The endpoint's own words in an error: {@code {"msg"}}, a bare JSON string, or plain text. */
  static String words(byte[] body) {
    String text =
        tree(body)
            .map(
                answer -> {
                  JsonNode said = answer.isObject() ? answer.path("msg") : answer;
                  return said.isTextual() ? said.asText() : answer.toString();
                })
            .orElseGet(() -> new String(body, java.nio.charset.StandardCharsets.UTF_8));
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.isEmpty()) {
      return "(no words)";
    }
    return line.length() <= LONGEST_WORDS ? line : line.substring(0, LONGEST_WORDS) + "...";
  }

  private static Optional<JsonNode> tree(byte[] body) {
    try {
      JsonNode tree = JSON.readTree(body);
      return tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Batch batch(JsonNode batch) throws IOException {
    String word = text(batch, "state").orElseThrow(() -> new IOException("no state"));
    Map<String, String> further = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : batch.properties()) {
      JsonNode value = each.getValue();
      if (!NAMED.contains(each.getKey()) && !value.isNull()) {
        further.put(each.getKey(), value.isValueNode() ? value.asText() : value.toString());
      }
    }
    return new Batch(
        number(batch, "id"),
        text(batch, "name"),
        BatchState.of(word),
        word,
        text(batch, "appId"),
        texts(batch.path("log")),
        further);
  }

  private static int number(JsonNode node, String key) throws IOException {
    JsonNode value = node.path(key);
    if (!value.isInt()) {
      throw new IOException("no number '" + key + "'");
    }
    return value.intValue();
  }

  private static Optional<String> text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
