package dev.caravan.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.main.HttpServerConfigurationProperties;

/** Camel's HTTP server with our front filter in it from the first moment, before any route. */
public final class GuardedServerFactory extends DefaultMainHttpServerFactory {
  private final Handler<RoutingContext> filter;

  /** To be bound in the registry, where camel-main looks for it by type. */
  public GuardedServerFactory(Handler<RoutingContext> filter) {
    this.filter = filter;
  }

  @Override
  public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
    MainHttpServer server = (MainHttpServer) super.newHttpServer(context, properties);
    AuthenticationConfigEntry entry =
        new AuthenticationConfigEntry() {
          @Override
          public Handler<RoutingContext> createAuthenticationHandler(Vertx vertx) {
            return filter;
          }
        };
    entry.setPath("/*");
    server.getConfiguration().getAuthenticationConfig().getEntries().add(entry);
    server.getConfiguration().getAuthenticationConfig().setEnabled(true);
    return server;
  }
}
