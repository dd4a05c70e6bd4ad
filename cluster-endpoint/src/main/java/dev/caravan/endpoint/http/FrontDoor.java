package dev.caravan.endpoint.http;

import dev.caravan.endpoint.settings.ServerSettings;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/**
 * Every request passes here first, whatever its path: who is it, may he, can the body be
 * understood.
 */
final class FrontDoor implements Handler<RoutingContext> {
  private final ServerSettings settings;
  private final Credentials credentials;

  FrontDoor(ServerSettings settings, Credentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<Caller> caller = credentials.caller(context.request().getHeader("Authorization"));
    if (caller.isEmpty()) {
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"caravan\", Bearer");
      refuse(context, 401, "Credentials are missing or wrong.");
      return;
    }
    if (!caller.get().rights().include(needed(context))) {
      refuse(context, 403, "The credential '" + caller.get().name() + "' may only read.");
      return;
    }
    if (!isJsonOrNothing(context)) {
      refuse(context, 415, "The Content-Type must be application/json.");
      return;
    }
    context.setUser(caller.get().toUser());
    String prefix = settings.prefix();
    String path = context.request().path();
    if (!prefix.isEmpty() && (path.equals(prefix) || path.startsWith(prefix + "/"))) {
      String query = context.request().query();
      String rest = path.length() == prefix.length() ? "/" : path.substring(prefix.length());
      context.reroute(query == null ? rest : rest + "?" + query);
      return;
    }
    context.next();
  }

  /** Some clients read state and log by POST. */
  private static Rights needed(RoutingContext context) {
    HttpMethod method = context.request().method();
    String path = context.normalizedPath();
    boolean reads =
        method == HttpMethod.GET
            || method == HttpMethod.HEAD
            || (method == HttpMethod.POST
                && (path.endsWith("/state") || path.endsWith("/log") || path.equals("/")));
    return reads ? Rights.READ : Rights.SUBMIT;
  }

  /** Forms never get as far as the parser that would make files of them. */
  private static boolean isJsonOrNothing(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    if (type == null) {
      return true;
    }
    String media = type.toLowerCase(Locale.ROOT).split(";", 2)[0].trim();
    boolean form = media.contains("form");
    boolean submits =
        context.request().method() == HttpMethod.POST
            && context.normalizedPath().endsWith("/batches");
    return submits ? media.equals("application/json") : !form;
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
