package dev.caravan.endpoint;

import dev.caravan.endpoint.audit.AuditLog;
import dev.caravan.endpoint.batch.ApplicationWatch;
import dev.caravan.endpoint.batch.BatchLifecycle;
import dev.caravan.endpoint.batch.BatchListener;
import dev.caravan.endpoint.batch.BatchRegistry;
import dev.caravan.endpoint.batch.Disk;
import dev.caravan.endpoint.batch.Housekeeping;
import dev.caravan.endpoint.health.Readiness;
import dev.caravan.endpoint.http.BatchCalls;
import dev.caravan.endpoint.http.LeaseCalls;
import dev.caravan.endpoint.http.LivyRules;
import dev.caravan.endpoint.http.PageCalls;
import dev.caravan.endpoint.http.ResponseWriter;
import dev.caravan.endpoint.http.RouteStep;
import dev.caravan.endpoint.http.ServiceCalls;
import dev.caravan.endpoint.lease.LeaseKeeper;
import dev.caravan.endpoint.page.EndpointPage;
import dev.caravan.endpoint.process.Scripts;
import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.ServerSettings;
import dev.caravan.endpoint.shipping.LogShipper;
import dev.caravan.endpoint.submit.SparkSubmitCommand;
import dev.caravan.endpoint.yarn.ResourceManager;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.http.BoundedVertx;
import dev.caravan.shared.http.Credentials;
import dev.caravan.shared.http.ErrorFormat;
import dev.caravan.shared.http.GuardedServerFactory;
import dev.caravan.shared.http.JsonErrors;
import dev.caravan.shared.http.RequestFilter;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Route;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An endpoint from boot to stop. */
public final class RunningEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningEndpoint.class);

  /** A packaging error can silently lose routes; startup fails if one of these is missing. */
  private static final Set<String> ROUTES =
      Set.of(
          "submit-batch",
          "validate-batch",
          "list-batches",
          "show-batch",
          "batch-state",
          "batch-log",
          "batch-stages",
          "delete-batch",
          "hello",
          "version",
          "health",
          "page-style",
          "page-icon",
          "show-lease",
          "renew-lease");

  private final Main main = new Main();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private RunningEndpoint() {}

  /**
   * Starts the endpoint and returns when it answers requests.
   *
   * @throws SettingsException if the settings are invalid
   */
  public static RunningEndpoint start(EndpointSettings settings) throws Exception {
    return start(settings, Clock.systemUTC());
  }

  /** With another clock than the machine's. */
  static RunningEndpoint start(EndpointSettings settings, Clock clock) throws Exception {
    RunningEndpoint endpoint = new RunningEndpoint();
    try {
      endpoint.assemble(settings, clock);
      CamelSettings.apply(endpoint.main, settings.server());
      endpoint.main.start();
      endpoint.refuseMissingRoutes();
      endpoint.refuseDeafServer(settings.server());
      JsonErrors.install(endpoint.main.getCamelContext(), ErrorFormat.MESSAGE);
      return endpoint;
    } catch (Exception e) {
      endpoint.close();
      throw e;
    }
  }

  private void assemble(EndpointSettings settings, Clock clock) throws IOException {
    Credentials credentials =
        settings
            .server()
            .credentialsFile()
            .map(file -> Credentials.read(file, "submit"))
            .orElseGet(Credentials::none);
    Clock steady = ElapsedClock.of(clock).steady();
    DataDirectory data = part(DataDirectory.claim(settings.batches().dataDirectory()));
    Disk disk = new Disk(settings.batches().dataDirectory(), settings.batches().minFree());
    Optional<ResourceManager> yarn = settings.yarn().resourceManager().map(ResourceManager::new);
    int maxLiving = settings.batches().maxRunning() + settings.batches().maxQueued();
    BatchRegistry registry =
        part(
            BatchRegistry.open(
                data.resolve("batches"),
                disk,
                maxLiving,
                settings.batches().maxLog(),
                tag -> settings.shipping().map(to -> to.address(tag)),
                clock));
    AuditLog audit = part(new AuditLog(data.resolve("audit.log"), clock));
    Scripts scripts = Scripts.unpack(data.resolve("scripts"));
    ApplicationWatch watch =
        settings.submit().clusterMode()
            ? ApplicationWatch.clusterMode(yarn.orElseThrow())
            : ApplicationWatch.clientMode();
    // Closed after the batches' life, whose last word is to be shipped, too.
    Optional<LogShipper> shipper = settings.shipping().map(to -> part(LogShipper.toS3(to, steady)));
    BatchListener listener = shipper.map(BatchListener.class::cast).orElse(BatchListener.NONE);
    BatchLifecycle life =
        part(
            new BatchLifecycle(
                registry, scripts, settings.batches(), yarn, watch, listener, clock, steady));
    shipper.ifPresent(begun -> begun.begin(registry.all()));
    part(new Housekeeping(registry, yarn, settings.batches().keepFinished(), steady));
    LeaseKeeper lease =
        part(
            LeaseKeeper.begin(
                registry, life, yarn, settings.lease(), data.resolve("lease.json"), clock));
    Readiness readiness =
        part(
            new Readiness(settings.submit().sparkSubmit(), disk, yarn, settings.yarn().minNodes()));
    BoundedVertx vertx =
        part(new BoundedVertx(settings.server().requestTimeout(), ErrorFormat.MESSAGE));
    RequestFilter filter =
        new RequestFilter(
            new RequestFilter.Settings(
                settings.server().prefix(),
                settings.server().requestTimeout(),
                credentials,
                ErrorFormat.MESSAGE,
                Map.of()),
            new LivyRules(),
            audit::write,
            vertx,
            steady);

    main.bind("vertx", vertx.vertx());
    main.bind("httpServerFactory", new GuardedServerFactory(filter));
    BatchCalls batches =
        new BatchCalls(
            registry, life, lease, new SparkSubmitCommand(settings.submit()), audit, yarn);
    ServiceCalls service = new ServiceCalls(readiness, lease);
    RouteStep.bindAll(
        main::bind,
        batches,
        service,
        new LeaseCalls(lease, audit),
        new PageCalls(batches, service, registry, new EndpointPage(readiness, lease)),
        new ResponseWriter());
  }

  /** Parts are closed in reverse order, after Camel. */
  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private void refuseMissingRoutes() {
    Set<String> missing = new TreeSet<>(ROUTES);
    missing.removeAll(
        main.getCamelContext().getRoutes().stream()
            .map(Route::getRouteId)
            .collect(Collectors.toSet()));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "The routes " + missing + " were not found: the jar is not packaged correctly.");
    }
  }

  /** Camel starts even if the port is taken. */
  private void refuseDeafServer(ServerSettings server) {
    if (port() <= 0) {
      throw new SettingsException(
          "The endpoint can't listen on "
              + server.host()
              + ":"
              + server.port()
              + "; is the port taken?");
    }
  }

  /** The port it listens on; 0 if it doesn't. */
  public int port() {
    return JsonErrors.port(main.getCamelContext());
  }

  /**
   * Stops listening, then stops monitoring batches; they keep running unless the settings say
   * otherwise.
   */
  @Override
  public void close() {
    closeQuietly(main::stop);
    while (!parts.isEmpty()) {
      closeQuietly(parts.pop());
    }
  }

  private static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.error("Stopping was not clean.", e);
    }
  }
}
