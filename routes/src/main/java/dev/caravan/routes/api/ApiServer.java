package dev.caravan.routes.api;

import dev.caravan.processors.journal.Journal;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.EventFeed;
import dev.caravan.routes.operations.RunGrids;
import dev.caravan.routes.page.PageHeaders;
import dev.caravan.routes.page.PageProcessor;
import dev.caravan.routes.page.PageSessions;
import dev.caravan.routes.settings.ApiSettings;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.http.BoundedVertx;
import dev.caravan.shared.http.Credentials;
import dev.caravan.shared.http.ErrorFormat;
import dev.caravan.shared.http.GuardedServerFactory;
import dev.caravan.shared.http.JsonErrors;
import dev.caravan.shared.http.ListenAddress;
import dev.caravan.shared.http.RequestFilter;
import dev.caravan.shared.http.Rights;
import dev.caravan.shared.settings.SettingsException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of the API and the page, in a Camel context: bind it, start the context, announce it,
 * close it.
 */
public final class ApiServer implements AutoCloseable {
  /** Where the routes of the API and of the page are. */
  public static final String ROUTES =
      "classpath:api/api.camel.yaml,classpath:api/front-page.camel.yaml,classpath:api/pages.camel.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

  private final ApiSettings settings;
  private final BoundedVertx vertx;
  private final GuardedServerFactory factory;
  private final ApiProcessor processor;
  private final PageProcessor page;
  private final ResponseCounts counts = new ResponseCounts();
  private final String token = ServerFile.newToken();
  private Optional<ServerFile> announced = Optional.empty();

  /** A server over this control plane, which is somebody else's to close. */
  public ApiServer(
      ApiSettings settings,
      ControlPlane controlPlane,
      RunGrids grids,
      EventFeed events,
      Journal journal,
      Clock clock) {
    this.settings = settings;
    Instant startedAt = clock.instant();
    ApiTable table =
        new ApiTable(
            controlPlane,
            request ->
                () -> new ServerView(ProcessHandle.current().pid(), startedAt, request.actor()));
    Credentials credentials =
        settings
            .credentials()
            .map(file -> Credentials.read(file, ApiSettings.OPERATE))
            .map(read -> read.and(ServerFile.CALLER, Rights.ADMIN, token))
            .orElseGet(Credentials::none);
    this.vertx = new BoundedVertx(REQUEST_TIMEOUT, ErrorFormat.PROBLEM);
    PageSessions sessions = new PageSessions(clock, settings.listen().tls().isPresent());
    RequestFilter filter =
        new RequestFilter(
            new RequestFilter.Settings(
                "",
                REQUEST_TIMEOUT,
                credentials,
                ErrorFormat.PROBLEM,
                Map.of(ApiTable.EVENTS, new EventStream(events))),
            new ApiRules(
                table, sessions, settings.credentials().isEmpty(), settings.listen().host()),
            (who, from, what, status) -> {
              counts.count(status);
              LOG.warn("Refused with {}: {} from {} asked for {}", status, who, from, what);
            },
            vertx,
            ElapsedClock.of(clock).steady());
    this.factory = new GuardedServerFactory(filter);
    this.processor = new ApiProcessor(table, journal.apiRequests(), counts);
    this.page =
        new PageProcessor(controlPlane, grids, processor, sessions, filter::identify, clock);
  }

  /** Binds what the route names, and what Camel makes its server of. */
  public void bind(Registry registry) {
    registry.bind("vertx", vertx.vertx());
    registry.bind("httpServerFactory", factory);
    registry.bind("answerApi", processor);
    registry.bind("answerPage", page);
    registry.bind("answerHeaders", new PageHeaders());
  }

  /**
   * To be called once the context has started: says to clients of this machine where the server is.
   *
   * @return its address
   * @throws SettingsException if it can't listen there
   */
  public URI announce(CamelContext camel) {
    ListenAddress listen = settings.listen();
    int port = JsonErrors.port(camel);
    if (port == 0) {
      throw new SettingsException(
          "The server can't listen on %s:%d (caravan.server.host, caravan.server.port): is another process there?"
              .formatted(listen.host(), listen.port()));
    }
    JsonErrors.install(camel, ErrorFormat.PROBLEM);
    URI address =
        URI.create(
            (listen.tls().isPresent() ? "https://" : "http://")
                + (listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host())
                + ":"
                + port);
    ServerFile file =
        ServerFile.ofThisProcess(
            address, token, listen.tls().map(each -> each.encoded(ApiSettings.PASSWORD_KEY)));
    file.write(settings.file());
    announced = Optional.of(file);
    return address;
  }

  public ResponseCounts counts() {
    return counts;
  }

  /** Ends what the context's own end leaves. */
  @Override
  public void close() {
    announced.ifPresent(file -> file.remove(settings.file()));
    vertx.close();
  }
}
