package dev.caravan.endpoint.http;

import dev.caravan.endpoint.health.Readiness;
import java.util.LinkedHashMap;
import java.util.Map;

/** The calls about the endpoint itself. */
public final class ServiceCalls {
  private final Readiness readiness;
  private final Build build = Build.ofThisJar();

  /** Health is what {@code readiness} last saw. */
  public ServiceCalls(Readiness readiness) {
    this.readiness = readiness;
  }

  /** GET / and POST /: clients try a connection with it. */
  public Response hello() {
    return Response.ok(Map.of("msg", "caravan-cluster-endpoint"));
  }

  /** GET /version: clients look for a Livy. */
  public Response version() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "0.9.0-incubating");
    json.put("user", "caravan");
    json.put("revision", build.revision());
    json.put("branch", build.branch());
    json.put("date", build.date());
    json.put("url", "");
    json.put("caravan", build.version());
    return Response.ok(json);
  }

  /** GET /health: whether a batch would have a chance. */
  public Response health() {
    return readiness
        .obstacle()
        .map(obstacle -> Response.failed(503, obstacle))
        .orElseGet(() -> Response.ok(Map.of("ready", true)));
  }
}
