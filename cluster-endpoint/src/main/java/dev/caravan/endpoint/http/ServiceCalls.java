package dev.caravan.endpoint.http;

import dev.caravan.endpoint.health.Readiness;
import dev.caravan.endpoint.lease.LeaseKeeper;
import dev.caravan.shared.batches.SelfStop;
import java.util.LinkedHashMap;
import java.util.Map;

/** The calls about the endpoint itself. */
public final class ServiceCalls {
  private final Readiness readiness;
  private final LeaseKeeper lease;
  private final Build build = Build.ofThisJar();

  /** Health is what {@code readiness} last saw, as long as the cluster isn't being stopped. */
  public ServiceCalls(Readiness readiness, LeaseKeeper lease) {
    this.readiness = readiness;
    this.lease = lease;
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
    return lease
        .stopping()
        .map(ServiceCalls::stopping)
        .or(() -> readiness.obstacle().map(obstacle -> Response.failed(503, obstacle)))
        .orElseGet(() -> Response.ok(Map.of("ready", true)));
  }

  private static Response stopping(SelfStop why) {
    return new Response(
        503,
        Map.of(),
        Map.of(
            "msg",
            "This cluster is being stopped, since " + why.reason() + ".",
            "stopping",
            why.word()));
  }
}
