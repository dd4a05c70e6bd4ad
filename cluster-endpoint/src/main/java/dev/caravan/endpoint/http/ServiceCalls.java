package dev.caravan.endpoint.http;

import dev.caravan.endpoint.health.Readiness;
import java.util.LinkedHashMap;
import java.util.Map;

/** The calls about the endpoint itself. */
public final class ServiceCalls {
  private final Readiness readiness;

  /** Health is what {@code readiness} last saw. */
  public ServiceCalls(Readiness readiness) {
    this.readiness = readiness;
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
    return readiness
        .obstacle()
        .map(obstacle -> Answer.failed(503, obstacle))
        .orElseGet(() -> Answer.ok(Map.of("ready", true)));
  }
}
