package dev.caravan.endpoint.http;

import dev.caravan.endpoint.audit.AuditLog;
import dev.caravan.endpoint.settings.ServerSettings;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/**
 * Every request passes through this filter first: it authenticates and authorizes the caller and
 * checks the body. Runs on the event loop, so nothing here may block.
 */
public final class RequestFilter implements Handler<RoutingContext> {
  private final ServerSettings settings;
  private final Credentials credentials;
  private final AuditLog audit;
  private final BoundedVertx connections;
  private final Throttle throttle;

  /** One for all requests. */
  public RequestFilter(
      ServerSettings settings,
      Credentials credentials,
      AuditLog audit,
      BoundedVertx connections,
      Clock clock) {
    this.settings = settings;
    this.credentials = credentials;
    this.audit = audit;
    this.connections = connections;
    this.throttle = new Throttle(clock);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    connections.asked(request.connection());
    String address =
        request.remoteAddress() == null ? "unknown" : request.remoteAddress().hostAddress();
    if (throttle.isShut(address)) {
      context.response().putHeader("Retry-After", "60");
      refuse(context, 429, "Too many wrong credentials came from " + address + "; wait a minute.");
      return;
    }
    Optional<Caller> caller = credentials.caller(request.getHeader("Authorization"));
    if (caller.isEmpty()) {
      throttle.failed(address);
      audit.write("unknown", address, request.method() + " " + request.path(), 401);
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"caravan\", Bearer");
      refuse(context, 401, "Credentials are missing or wrong.");
      return;
    }
    if (!caller.get().rights().include(needed(context))) {
      audit.write(caller.get().name(), address, request.method() + " " + request.path(), 403);
      refuse(context, 403, "The credential '" + caller.get().name() + "' may only read.");
      return;
    }
    if (!isJsonOrNothing(context)) {
      refuse(context, 415, "The Content-Type must be application/json.");
      return;
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      context.response().putHeader("Accept-Encoding", "identity");
      refuse(context, 415, "A body must come as it is, without Content-Encoding.");
      return;
    }
    boundBody(context);
    enter(context, caller.get());
    if (!rerouted(context)) {
      context.next();
    }
  }

  @SuppressWarnings(
      "deprecation") // its successor belongs to Vert.x's internals, and Camel reads what this one
  // sets
  private static void enter(RoutingContext context, Caller caller) {
    context.setUser(caller.user());
  }

  /** Paths under the prefix are the same paths as under the root. */
  private boolean rerouted(RoutingContext context) {
    String prefix = settings.prefix();
    String path = context.request().path();
    if (prefix.isEmpty() || (!path.equals(prefix) && !path.startsWith(prefix + "/"))) {
      return false;
    }
    String query = context.request().query();
    String rest = path.length() == prefix.length() ? "/" : path.substring(prefix.length());
    context.reroute(query == null ? rest : rest + "?" + query);
    return true;
  }

  /** A body that isn't complete by then is treated as an attack or a lost connection. */
  private void boundBody(RoutingContext context) {
    HttpServerRequest request = context.request();
    boolean body =
        request.getHeader("Content-Length") != null
            || request.getHeader("Transfer-Encoding") != null;
    if (body && !request.isEnded()) {
      long timer =
          context
              .vertx()
              .setTimer(
                  settings.requestTimeout().toMillis(),
                  late -> {
                    if (!request.isEnded()) {
                      request.connection().close();
                    }
                  });
      context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
    }
  }

  /** Some clients read state and log by POST. */
  private static Rights needed(RoutingContext context) {
    HttpMethod method = context.request().method();
    String path = context.normalizedPath();
    boolean reads =
        method.equals(HttpMethod.GET)
            || method.equals(HttpMethod.HEAD)
            || (method.equals(HttpMethod.POST)
                && (path.endsWith("/state") || path.endsWith("/log") || path.equals("/")));
    return reads ? Rights.READ : Rights.SUBMIT;
  }

  /** Forms never get as far as the parser that would make files of them. */
  private static boolean isJsonOrNothing(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null) {
      return true;
    }
    String path = context.normalizedPath();
    boolean submits =
        context.request().method().equals(HttpMethod.POST)
            && (path.endsWith("/batches") || path.endsWith("/batches/"));
    String media = type.toLowerCase(Locale.ROOT).split(";", 2)[0].trim();
    return submits ? media.equals("application/json") : !media.contains("form");
  }

  static void refuse(RoutingContext context, int status, String message) {
    if (!context.response().ended()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(new JsonObject().put("msg", message).encode());
    }
  }
}
