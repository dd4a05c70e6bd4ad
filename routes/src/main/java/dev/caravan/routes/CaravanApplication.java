package dev.caravan.routes;

import dev.caravan.processors.journal.Journal;
import dev.caravan.processors.journal.JournalConfig;
import dev.caravan.processors.notifications.TargetAddressing;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.steps.ConfiguredClusters;
import dev.caravan.processors.steps.DecideOutcome;
import dev.caravan.processors.steps.DeliveryContext;
import dev.caravan.processors.steps.FailedStep;
import dev.caravan.processors.steps.RunContext;
import dev.caravan.routes.api.ApiServer;
import dev.caravan.routes.logging.JsonLog;
import dev.caravan.routes.management.ManagementServer;
import dev.caravan.routes.operations.ControlPlane;
import dev.caravan.routes.operations.EndpointJobLogs;
import dev.caravan.routes.operations.JobLogs;
import dev.caravan.routes.operations.JournalControlPlane;
import dev.caravan.routes.operations.ShippedJobLogs;
import dev.caravan.routes.settings.ApiSettings;
import dev.caravan.routes.settings.NamedCluster;
import dev.caravan.routes.settings.Settings;
import dev.caravan.shared.ElapsedClock;
import dev.caravan.shared.yandex.YandexClusters;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.ShutdownStrategy;

/**
 * The running application: Camel with the shipped and the user's routes, the cloud, the journal.
 * Start it, run dates on it, close it.
 */
public final class CaravanApplication implements AutoCloseable {
  /**
   * Camel waits this long for runs to end in good order; systemd's stop time-out must exceed it.
   */
  static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(25);

  /** How long a shutdown leaves the stop of the cluster to the session. */
  private static final Duration LAST_RESORT_GRACE = Duration.ofSeconds(3);

  /** How long a command delivers messages before it goes on. */
  private static final Duration DELIVERY_BOUND = Duration.ofSeconds(10);

  private final Settings settings;
  private final Journal journal;
  private final YandexClusters clusters;
  private final EventFile events;
  private final Clock clock;
  private final ElapsedClock elapsed;
  private final Main main;
  private final AtomicBoolean closing = new AtomicBoolean();
  private Optional<ControlPlane> controlPlane = Optional.empty();
  private Optional<ApiServer> server = Optional.empty();
  private Optional<URI> address = Optional.empty();
  private Optional<ManagementServer> management = Optional.empty();

  private CaravanApplication(
      Settings settings,
      Journal journal,
      YandexClusters clusters,
      EventFile events,
      Main main,
      Clock clock) {
    this.settings = settings;
    this.journal = journal;
    this.clusters = clusters;
    this.events = events;
    this.clock = clock;
    this.elapsed = ElapsedClock.of(clock);
    this.main = main;
  }

  /** Opens the journal and starts the routes; nothing is run until it is asked for. */
  static CaravanApplication start(Settings settings, Clock clock) throws Exception {
    return start(settings, clock, false);
  }

  /** The same, with the server of the API, which answers from here on. */
  static CaravanApplication startServer(Settings settings, Clock clock) throws Exception {
    return start(settings, clock, true);
  }

  private static CaravanApplication start(Settings settings, Clock clock, boolean serving)
      throws Exception {
    if (settings.jsonLog()) {
      JsonLog.use();
    }
    EventFile events = EventFile.open(settings.eventsFile(), clock);
    Journal journal = Journal.open(settings.journal(), clock);
    journal.onEvent(events);
    if (settings.traces().isPresent()) {
      journal.traces().keep();
    }
    journal.outbox().address(new TargetAddressing(settings.notifications().targets()));
    events.tell(EventFile.ProcessEvent.PROCESS_STARTED);
    YandexClusters clusters = YandexClusters.connect(settings.yandex(), clock);
    Main main = new Main();
    CaravanApplication application =
        new CaravanApplication(settings, journal, clusters, events, main, clock);
    try {
      application.configure(clock, serving);
      main.start();
      ShippedRoutes.check(application.camel());
      application.address = application.server.map(each -> each.announce(application.camel()));
      application.management = application.server.flatMap(application::startManagement);
      events.tell(EventFile.ProcessEvent.PROCESS_READY);
      return application;
    } catch (Exception | Error e) {
      application.close();
      throw e;
    }
  }

  /**
   * Loads all routes as a start does, and starts none of them. Their journal is one in memory, and
   * the cloud isn't asked.
   *
   * @return how many there are
   * @throws Exception if a start would fail by them, with its words
   */
  static int checkRoutes(Settings settings) throws Exception {
    Clock clock = Clock.systemUTC();
    try (Journal memory = Journal.open(JournalConfig.of("jdbc:h2:mem:check"), clock);
        YandexClusters unasked = YandexClusters.connect(settings.yandex(), clock);
        EventFile none = EventFile.open(Optional.empty(), clock)) {
      Main main = new Main();
      CaravanApplication application =
          new CaravanApplication(settings, memory, unasked, none, main, clock);
      try {
        application.configure(clock, false);
        main.configure().withAutoStartup(false);
        main.start();
        ShippedRoutes.check(application.camel());
        return application.camel().getRoutesSize();
      } finally {
        main.stop();
      }
    }
  }

  private Optional<ManagementServer> startManagement(ApiServer api) {
    return settings
        .management()
        .port()
        .map(
            port ->
                ManagementServer.start(
                    settings.management(),
                    journal,
                    settings.clusters(),
                    api.counts(),
                    clusters.errors(),
                    this::isServing,
                    clock));
  }

  /** Whether what {@link #serve} starts runs. */
  private boolean isServing() {
    return !isClosing()
        && Stream.concat(
                Stream.of("pipelines", "schedule"),
                settings.clusters().stream().map(CaravanApplication::dispatchRoute))
            .map(camel().getRouteController()::getRouteStatus)
            .allMatch(ServiceStatus.Started::equals);
  }

  /** The port of the management server; of one that has it. */
  int managementPort() {
    return management.orElseThrow().port();
  }

  /** Plans and dispatches, takes edits up, and reconciles, if that isn't off. */
  void serve() throws Exception {
    if (settings.recovery().reconcileEvery().isPresent()) {
      startRoute("reconcile-schedule");
    }
    if (!settings.notifications().targets().isEmpty()) {
      startRoute("notify-schedule");
    }
    if (settings.notifications().server().isPresent()) {
      startRoute("ping-server");
    }
    if (settings.traces().isPresent()) {
      startRoute("traces-schedule");
    }
    startRoute("pipelines");
    startRoute("schedule");
    for (NamedCluster cluster : settings.clusters()) {
      String id = dispatchRoute(cluster);
      TemplatedRouteBuilder.builder(camel(), ShippedRoutes.DISPATCH)
          .routeId(id)
          .parameter("cluster", cluster.name())
          .add();
      startRoute(id);
    }
  }

  private static String dispatchRoute(NamedCluster cluster) {
    return ShippedRoutes.DISPATCH + "-" + cluster.name();
  }

  private void startRoute(String id) throws Exception {
    main.getCamelContext().getRouteController().startRoute(id);
  }

  private void configure(Clock clock, boolean serving) {
    // Camel's default has a hook that waits 40 s for the caller of Main.run, and there is none.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.configure()
        .withName("caravan")
        .withBasePackageScanEnabled(false)
        .withRoutesIncludePattern(includePattern() + (serving ? "," + ApiServer.ROUTES : ""))
        .withJmxEnabled(false)
        .withShutdownTimeout((int) SHUTDOWN_TIMEOUT.toSeconds())
        .withShutdownLogInflightExchangesOnTimeout(true);
    settings
        .routesExclude()
        .ifPresent(pattern -> main.configure().withRoutesExcludePattern(pattern));
    settings.properties().forEach(main::addOverrideProperty);
    if (serving) {
      settings
          .server()
          .listen()
          .camelProperties(ApiSettings.PASSWORD_KEY)
          .forEach(main::addOverrideProperty);
    }
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport starting) {
            starting
                .getCamelContext()
                .setInflightRepository(new HeldRuns(journal.claims()::isHolding));
            starting
                .getCamelContext()
                .getCamelContextExtension()
                .addInterceptStrategy(new FailedStep());
            S3Component.configure(starting.getCamelContext(), settings.s3());
            CaravanBeans.bind(starting.getCamelContext(), settings, journal, clusters, elapsed);
            JournalControlPlane all = plane(starting.getCamelContext());
            controlPlane = Optional.of(all);
            if (serving) {
              bindServer(starting.getCamelContext(), all);
            }
          }

          @Override
          public void afterConfigure(BaseMainSupport loaded) {
            RouteReferences.check(loaded.getCamelContext());
          }
        });
  }

  private JournalControlPlane plane(CamelContext camel) {
    JobLogs logs =
        new EndpointJobLogs(configured(camel), journal.sessions(), ShippedJobLogs.in(camel));
    return new JournalControlPlane(settings, journal, clock, logs);
  }

  private void bindServer(CamelContext camel, JournalControlPlane all) {
    ApiServer made = new ApiServer(settings.server(), all, all, all, journal, clock);
    made.bind(camel.getRegistry());
    server = Optional.of(made);
  }

  private String includePattern() {
    String shipped = ShippedRoutes.includePattern();
    return settings
        .routesDirectory()
        .map(own -> shipped + ",file:" + own + "/*.yaml")
        .orElse(shipped);
  }

  /** Brings to their end, on the calling thread, what earlier processes left open. */
  void reconcile() {
    ProducerTemplate template = camel().createProducerTemplate();
    template.send("direct:reconcile", exchange -> {});
    template.stop();
    deliver();
    exportTraces();
  }

  /**
   * Opens a session for a date on the calling thread, the stop of the cluster included; the journal
   * tells what became of it.
   */
  void run(String pipeline, LocalDate date, boolean again) {
    run(pipeline, List.of(date), again);
  }

  /**
   * Opens one session for these dates, in this order, on the calling thread, the stop of the
   * cluster included; the journal tells what became of them.
   */
  void run(String pipeline, List<LocalDate> dates, boolean again) {
    ProducerTemplate template = camel().createProducerTemplate();
    template.send(
        "direct:session",
        exchange -> RunContext.of(exchange).session().request(pipeline, dates, again));
    template.stop();
    deliver();
    exportTraces();
  }

  /**
   * Opens one session for the runs that are due on a cluster, on the calling thread, the stop of
   * the cluster included; the journal tells what became of them.
   *
   * @param cluster its name in the settings
   */
  void dispatch(String cluster) {
    ProducerTemplate template = camel().createProducerTemplate();
    template.send(
        "direct:session",
        exchange -> RunContext.of(exchange).session().serveQueue(configured().require(cluster)));
    template.stop();
    deliver();
    exportTraces();
  }

  /**
   * Delivers, on the calling thread, the messages that are due. What can't be delivered within the
   * bound stays in the journal for the next process.
   */
  private void deliver() {
    if (settings.notifications().targets().isEmpty() || isClosing()) {
      return;
    }
    ProducerTemplate template = camel().createProducerTemplate();
    template.send(
        "direct:notify",
        exchange -> DeliveryContext.of(exchange).endAt(elapsed.elapsed().plus(DELIVERY_BOUND)));
    template.stop();
  }

  /** Sends, on the calling thread, the traces that are due; what can't be sent stays as above. */
  private void exportTraces() {
    if (settings.traces().isEmpty() || isClosing()) {
      return;
    }
    ProducerTemplate template = camel().createProducerTemplate();
    template.send("direct:traces", exchange -> {});
    template.stop();
  }

  private ConfiguredClusters configured() {
    return configured(camel());
  }

  private static ConfiguredClusters configured(CamelContext camel) {
    return camel.getRegistry().lookupByNameAndType(CaravanBeans.CLUSTERS, ConfiguredClusters.class);
  }

  /** Whether this process has been told to end. */
  boolean isClosing() {
    return closing.get();
  }

  Journal journal() {
    return journal;
  }

  /** What can be asked and done. */
  ControlPlane controlPlane() {
    return controlPlane.orElseThrow();
  }

  /** Where the API is; of a server. */
  URI address() {
    return address.orElseThrow();
  }

  CamelContext camel() {
    return main.getCamelContext();
  }

  private Optional<String> foreignWork(String clusterId) {
    return Optional.ofNullable(camel())
        .map(camel -> configured(camel))
        .flatMap(known -> known.foreignWork(clusterId, Optional.empty(), true));
  }

  private List<LastResort> lastResorts() {
    if (settings.recovery().atShutdown() == DecideOutcome.AtShutdown.HAND_OVER) {
      return List.of();
    }
    return settings.clusters().stream()
        .map(cluster -> cluster.config().id())
        .map(
            id ->
                LastResort.begin(
                    journal,
                    clusters,
                    id,
                    () -> foreignWork(id),
                    LAST_RESORT_GRACE,
                    ElapsedClock.of(clock)))
        .toList();
  }

  /** Ends what runs, the cluster included, within {@link #SHUTDOWN_TIMEOUT}. */
  @Override
  public void close() {
    // The shutdown hook and the command may both come here; one of them does it.
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    List<LastResort> lastResorts = lastResorts();
    Optional<ShutdownStrategy> shutdown =
        Optional.ofNullable(camel()).map(CamelContext::getShutdownStrategy);
    management.ifPresent(ManagementServer::close);
    try {
      main.stop();
    } finally {
      server.ifPresent(ApiServer::close);
      lastResorts.forEach(LastResort::close);
      clusters.close();
      journal.close();
      if (shutdown.filter(ShutdownStrategy::hasTimeoutOccurred).isPresent()) {
        events.tell(EventFile.ProcessEvent.SHUTDOWN_FORCED);
      }
      events.tell(EventFile.ProcessEvent.PROCESS_STOPPED);
      events.close();
    }
  }
}
