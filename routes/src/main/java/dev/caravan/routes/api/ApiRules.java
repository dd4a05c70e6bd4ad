package dev.caravan.routes.api;

import dev.caravan.routes.page.PagePaths;
import dev.caravan.routes.page.PageSessions;
import dev.caravan.shared.http.Caller;
import dev.caravan.shared.http.OwnNames;
import dev.caravan.shared.http.RequestRules;
import dev.caravan.shared.http.Rights;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * What the API asks of a request. A page of another site can make a browser send requests here, on
 * loopback, too: an action from another origin is refused, and, where no credentials are needed, a
 * request under a name that isn't this machine's, to which a name of an attacker may point.
 */
final class ApiRules implements RequestRules {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final ApiTable table;
  private final PageSessions sessions;
  private final boolean open;
  private final OwnNames names;

  /**
   * @param open whether no credentials are needed
   * @param host that the server listens on
   */
  ApiRules(ApiTable table, PageSessions sessions, boolean open, String host) {
    this.table = table;
    this.sessions = sessions;
    this.open = open;
    this.names = new OwnNames(host);
  }

  @Override
  public Rights needed(RoutingContext context) {
    if (isOpen(context) || context.normalizedPath().equals(PagePaths.SIGN_OUT)) {
      return Rights.READ;
    }
    String method = context.request().method().name();
    boolean looks = looks(context);
    return table.at(context.normalizedPath()).stream()
        .filter(call -> call.method().equals(method))
        .map(ApiCall::needed)
        .findFirst()
        .orElse(looks ? Rights.READ : Rights.OPERATE);
  }

  @Override
  public String lacking(Caller caller, Rights needed) {
    return lacks(caller, needed);
  }

  static String lacks(Caller caller, Rights needed) {
    return "The credential '"
        + caller.name()
        + "' has the right "
        + caller.rights().name().toLowerCase(Locale.ROOT)
        + "; this asks for "
        + needed.name().toLowerCase(Locale.ROOT)
        + ".";
  }

  @Override
  public boolean acceptsType(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    String wanted = isPage(context) ? FORM : "application/json";
    return type == null || type.toLowerCase(Locale.ROOT).split(";", 2)[0].trim().equals(wanted);
  }

  private static boolean isPage(RoutingContext context) {
    return PagePaths.isPage(context.normalizedPath());
  }

  private static boolean looks(RoutingContext context) {
    HttpMethod method = context.request().method();
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /**
   * A browser sends the cookie by itself: beyond the page, whose forms have a token, it only looks.
   */
  @Override
  public Optional<Caller> signedIn(RoutingContext context) {
    return isPage(context) || looks(context)
        ? Optional.ofNullable(context.request().getCookie(PageSessions.COOKIE))
            .flatMap(cookie -> sessions.find(cookie.getValue()))
        : Optional.empty();
  }

  @Override
  public boolean isOpen(RoutingContext context) {
    return PagePaths.isOpen(context.normalizedPath());
  }

  @Override
  public Optional<String> signIn(RoutingContext context) {
    String accepted = context.request().getHeader("Accept");
    boolean browser = accepted != null && accepted.contains("text/html");
    return browser && isPage(context) && looks(context)
        ? Optional.of(PagePaths.signIn(context.request().uri()))
        : Optional.empty();
  }

  @Override
  public Optional<String> forbidden(RoutingContext context) {
    HttpServerRequest request = context.request();
    String asked = request.getHeader("Host");
    if (open && asked != null && !names.include(asked)) {
      return Optional.of(
          "Without credentials this server answers only under a name of this machine's loopback.");
    }
    String origin = request.getHeader("Origin");
    return origin == null || looks(context) || isSame(origin, asked)
        ? Optional.empty()
        : Optional.of("A page of another origin can't ask for this.");
  }

  private static boolean isSame(String origin, String asked) {
    try {
      return asked != null && asked.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
