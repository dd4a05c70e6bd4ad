package dev.caravan.endpoint.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The calls about the endpoint itself. */
public final class ServiceCalls {
  private final Path sparkSubmit;

  /** Health is about this spark-submit. */
  public ServiceCalls(Path sparkSubmit) {
    this.sparkSubmit = sparkSubmit;
  }

  /** GET / and POST /: clients try a connection with it. */
  public Answer hello() {
    return Answer.ok(Map.of("msg", "caravan-cluster-endpoint"));
  }

  /** GET /version: clients look for a Livy. */
  public Answer version() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "0.9.0-incubating");
    json.put("user", "caravan");
    json.put("revision", "0.1.0");
    json.put("branch", "main");
    json.put("date", "2026-11-22T00:00:00Z");
    json.put("url", "");
    return Answer.ok(json);
  }

  /** GET /health: whether a batch would have a chance. */
  public Answer health() {
    if (!Files.isExecutable(sparkSubmit)) {
      return Answer.failed(
          503, "There is no executable " + sparkSubmit + " (endpoint.spark-submit).");
    }
    return Answer.ok(Map.of("ready", true));
  }
}
