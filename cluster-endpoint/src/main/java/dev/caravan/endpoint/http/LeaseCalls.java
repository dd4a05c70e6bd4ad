package dev.caravan.endpoint.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.endpoint.audit.AuditLog;
import dev.caravan.endpoint.lease.LeaseKeeper;
import dev.caravan.endpoint.lease.LeaseView;
import dev.caravan.endpoint.lease.Renewal;
import dev.caravan.endpoint.submit.RejectedException;
import dev.caravan.endpoint.yarn.YarnApplication;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/** The calls about the lease on the cluster, which Livy doesn't have. */
public final class LeaseCalls {
  private static final Set<String> FIELDS = Set.of("run", "ttlSeconds");

  private final LeaseKeeper lease;
  private final AuditLog audit;
  private final ObjectMapper json =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** One for all requests; thread-safe. */
  public LeaseCalls(LeaseKeeper lease, AuditLog audit) {
    this.lease = lease;
    this.audit = audit;
  }

  /** GET /lease. */
  public Response show() {
    return Response.ok(document(lease.view()));
  }

  /** PUT /lease. */
  public Response renew(Exchange exchange) {
    Request request = new Request(exchange);
    JsonNode body = read(request.body());
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                throw new RejectedException("the field '" + name + "' is unknown to a lease");
              }
            });
    JsonNode ttl = body.path("ttlSeconds");
    if (!ttl.isInt() || !body.path("run").isTextual()) {
      throw new RejectedException("a lease needs 'run', a text, and 'ttlSeconds', a whole number");
    }
    LeaseView view;
    try {
      view = lease.renew(body.path("run").asText(), Duration.ofSeconds(ttl.intValue()));
    } catch (IllegalArgumentException e) {
      throw new RejectedException(e.getMessage());
    }
    audit.write(
        request.caller().name(), request.address(), "lease of " + body.path("run").asText(), 200);
    return Response.ok(document(view));
  }

  private JsonNode read(byte[] body) {
    try {
      JsonNode tree = json.readTree(body);
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      // Said below, without the body's text.
    }
    throw new RejectedException("the body is not a JSON object");
  }

  private static Map<String, Object> document(LeaseView view) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", view.renewal().map(Renewal::run).orElse(null));
    fields.put("ttlSeconds", view.renewal().map(said -> said.ttl().toSeconds()).orElse(null));
    fields.put("renewedAt", view.renewal().map(said -> said.at().toString()).orElse(null));
    fields.put(
        "expiresAt",
        view.renewal().map(said -> said.at().plus(said.ttl()).toString()).orElse(null));
    fields.put("lapsed", view.lapsed());
    fields.put("batches", view.batches());
    fields.put(
        "foreignApplications", view.foreign().stream().map(LeaseCalls::application).toList());
    fields.put("applicationsKnown", view.applicationsKnown());
    fields.put("selfStop", selfStop(view));
    return fields;
  }

  private static Map<String, Object> application(YarnApplication application) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", application.id());
    fields.put("name", application.name());
    fields.put("user", application.user());
    fields.put("state", application.state());
    return fields;
  }

  private static Map<String, Object> selfStop(LeaseView view) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("armed", view.armed());
    fields.put("stopsAt", view.stopsAt().map(Instant::toString).orElse(null));
    fields.put("stopping", view.stopping().orElse(null));
    return fields;
  }
}
