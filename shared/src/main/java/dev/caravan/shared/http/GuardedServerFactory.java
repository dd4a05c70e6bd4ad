package dev.caravan.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.main.HttpServerConfigurationProperties;

/** Camel's HTTP server with our front filter in it from the first moment, before any route. */
public final class GuardedServerFactory extends DefaultMainHttpServerFactory {
  private final Handler<RoutingContext> filter;
  private final Map<String, Handler<RoutingContext>> own;

  /** To be bound in the registry, where camel-main looks for it by type. */
  public GuardedServerFactory(Handler<RoutingContext> filter) {
    this(filter, Map.of());
  }

  /**
   * The same.
   *
   * @param own handlers of paths that are no routes; behind the filter, before any route
   */
  public GuardedServerFactory(
      Handler<RoutingContext> filter, Map<String, Handler<RoutingContext>> own) {
    this.filter = filter;
    this.own = Map.copyOf(own);
  }

  @Override
  public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
    MainHttpServer server = (MainHttpServer) super.newHttpServer(context, properties);
    List<AuthenticationConfigEntry> entries =
        server.getConfiguration().getAuthenticationConfig().getEntries();
    entries.add(entry("/*", filter));
    own.forEach((path, handler) -> entries.add(entry(path, handler)));
    server.getConfiguration().getAuthenticationConfig().setEnabled(true);
    return server;
  }

  private static AuthenticationConfigEntry entry(String path, Handler<RoutingContext> handler) {
    AuthenticationConfigEntry entry =
        new AuthenticationConfigEntry() {
          @Override
          public Handler<RoutingContext> createAuthenticationHandler(Vertx vertx) {
            return handler;
          }
        };
    entry.setPath(path);
    return entry;
  }
}
