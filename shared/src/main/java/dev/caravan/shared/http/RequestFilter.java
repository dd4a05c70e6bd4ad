package dev.caravan.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Every request passes through this filter first: it authenticates and authorizes the caller and
 * checks the body. Runs on the event loop, so nothing here may block.
 */
public final class RequestFilter implements Handler<RoutingContext> {
  /** RFC 9110, 5.6.7; Java's own has days of one digit. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Settings settings;
  private final RequestRules rules;
  private final RefusalLog audit;
  private final BoundedVertx connections;
  private final Throttle throttle;
  private final Clock clock;

  /**
   * What a filter is set to.
   *
   * @param prefix further mount point beside the root, empty or {@code /like/this}
   * @param requestTimeout a body that isn't complete by then is treated as an attack or a lost
   *     connection
   * @param own handlers of paths that are no routes. Not of the server, which asks those of a
   *     narrower path before this filter
   */
  public record Settings(
      String prefix,
      Duration requestTimeout,
      Credentials credentials,
      ErrorFormat errors,
      Map<String, Handler<RoutingContext>> own) {
    public Settings {
      own = Map.copyOf(own);
    }
  }

  /** One for all requests. */
  public RequestFilter(
      Settings settings,
      RequestRules rules,
      RefusalLog audit,
      BoundedVertx connections,
      Clock clock) {
    this.settings = settings;
    this.rules = rules;
    this.audit = audit;
    this.connections = connections;
    this.throttle = new Throttle(clock);
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    connections.asked(request.connection());
    context.response().putHeader(HttpHeaders.DATE, date());
    String address =
        request.remoteAddress() == null ? "unknown" : request.remoteAddress().hostAddress();
    if (throttle.isShut(address)) {
      context.response().putHeader("Retry-After", "60");
      refuse(context, 429, "Too many wrong credentials came from " + address + "; wait a minute.");
      return;
    }
    Optional<Caller> caller = caller(context);
    if (caller.isEmpty()) {
      Optional<String> signIn = shown(request) ? Optional.empty() : rules.signIn(context);
      if (signIn.isPresent()) {
        context.response().setStatusCode(303).putHeader("Location", signIn.get()).end();
        return;
      }
      throttle.failed(address);
      audit.write("unknown", address, request.method() + " " + request.path(), 401);
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"caravan\", Bearer");
      refuse(context, 401, "Credentials are missing or wrong.");
      return;
    }
    Optional<String> forbidden = rules.forbidden(context);
    if (forbidden.isPresent()) {
      audit.write(caller.get().name(), address, request.method() + " " + request.path(), 403);
      refuse(context, 403, forbidden.get());
      return;
    }
    Rights needed = rules.needed(context);
    if (!caller.get().rights().include(needed)) {
      audit.write(caller.get().name(), address, request.method() + " " + request.path(), 403);
      refuse(context, 403, rules.lacking(caller.get(), needed));
      return;
    }
    if (!rules.acceptsType(context)) {
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
    Handler<RoutingContext> own = settings.own().get(context.normalizedPath());
    if (own != null) {
      own.handle(context);
    } else if (!rerouted(context)) {
      context.next();
    }
  }

  private Optional<Caller> caller(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<Caller> known = settings.credentials().caller(request.getHeader("Authorization"));
    if (known.isPresent() || shown(request)) {
      return known;
    }
    return rules
        .signedIn(context)
        .or(() -> rules.isOpen(context) ? Optional.of(Caller.NOBODY) : Optional.empty());
  }

  private static boolean shown(HttpServerRequest request) {
    return request.getHeader("Authorization") != null;
  }

  /**
   * The caller of this Authorization value that came in another way. A wrong one counts as if it
   * had come in the header. For use by any thread.
   *
   * @param address the client's
   */
  public Optional<Caller> identify(String authorization, String address) {
    if (throttle.isShut(address)) {
      return Optional.empty();
    }
    Optional<Caller> caller = settings.credentials().caller(authorization);
    if (caller.isEmpty()) {
      throttle.failed(address);
      audit.write("unknown", address, "sign-in", 401);
    }
    return caller;
  }

  /** Of all answers (RFC 9110, 6.6.1); a client learns by it whether its clock is right. */
  private String date() {
    return HTTP_DATE.format(clock.instant());
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

  private void refuse(RoutingContext context, int status, String message) {
    settings.errors().write(context.response(), status, message);
  }
}
