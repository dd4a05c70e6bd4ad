package dev.caravan.endpoint;

import dev.caravan.endpoint.batch.BatchBook;
import dev.caravan.endpoint.batch.BatchLife;
import dev.caravan.endpoint.http.Answers;
import dev.caravan.endpoint.http.BatchCalls;
import dev.caravan.endpoint.http.Credentials;
import dev.caravan.endpoint.http.GuardedServerFactory;
import dev.caravan.endpoint.http.JsonRefusals;
import dev.caravan.endpoint.http.ServiceCalls;
import dev.caravan.endpoint.process.Scripts;
import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.ServerSettings;
import dev.caravan.endpoint.settings.SettingsException;
import dev.caravan.endpoint.submit.SparkSubmitCommand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Route;
import org.apache.camel.main.Main;

/** An endpoint from boot to stop. */
public final class RunningEndpoint implements AutoCloseable {
  /**
   * A packaging fault can lose routes without a word; the boot fails if one of these is missing.
   */
  private static final Set<String> ROUTES =
      Set.of(
          "submit-batch",
          "list-batches",
          "show-batch",
          "batch-state",
          "batch-log",
          "delete-batch",
          "hello",
          "version",
          "health");

  private static final long MAX_BODY = 1024 * 1024;

  private final Main main = new Main();
  private final FileChannel lock;
  private final BatchLife life;
  private final JsonRefusals refusals;

  private RunningEndpoint(EndpointSettings settings) throws Exception {
    Path data = settings.batches().dataDirectory();
    lock = lock(data);
    try {
      Credentials credentials =
          settings.server().credentialsFile().map(Credentials::read).orElseGet(Credentials::none);
      Clock clock = Clock.systemUTC();
      int maxLiving = settings.batches().maxRunning() + settings.batches().maxQueued();
      BatchBook book = BatchBook.open(data.resolve("batches"), maxLiving, clock);
      life =
          new BatchLife(book, Scripts.unpack(data.resolve("scripts")), settings.batches(), clock);
      refusals = new JsonRefusals();
      main.bind("answers", new Answers());
      main.bind(
          "batchCalls", new BatchCalls(book, life, new SparkSubmitCommand(settings.submit())));
      main.bind("serviceCalls", new ServiceCalls(settings.submit().sparkSubmit()));
      main.bind("httpServerFactory", new GuardedServerFactory(settings.server(), credentials));
      configure(settings.server());
    } catch (Exception e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Boots and returns when requests are answered.
   *
   * @throws SettingsException if something about the settings doesn't hold
   */
  public static RunningEndpoint start(EndpointSettings settings) throws Exception {
    RunningEndpoint endpoint = new RunningEndpoint(settings);
    try {
      endpoint.main.start();
      endpoint.refuseMissingRoutes();
      endpoint.refusals.install(endpoint.main.getCamelContext());
      if (endpoint.port() <= 0) {
        throw new SettingsException(
            "Nothing could listen on "
                + settings.server().host()
                + ":"
                + settings.server().port()
                + "; is the port taken?");
      }
      return endpoint;
    } catch (Exception e) {
      endpoint.close();
      throw e;
    }
  }

  private void configure(ServerSettings server) throws IOException {
    main.configure().withName("caravan-cluster-endpoint");
    main.configure().withBasePackageScanEnabled(false);
    main.configure().withRoutesIncludePattern("classpath:camel/*.camel.yaml");
    main.configure().withShutdownTimeout(5);
    main.configure().withJmxEnabled(false);
    main.configure().withUseMdcLogging(false);
    main.addOverrideProperty("camel.main.startupSummaryLevel", "Oneline");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", server.host());
    main.addOverrideProperty("camel.server.port", Integer.toString(server.port()));
    main.addOverrideProperty("camel.server.path", "/");
    main.addOverrideProperty("camel.server.maxBodySize", Long.toString(MAX_BODY));
    main.addOverrideProperty("camel.server.fileUploadEnabled", "false");
    if (server.tls().isPresent()) {
      ServerSettings.Tls tls = server.tls().get();
      main.addOverrideProperty("camel.server.useGlobalSslContextParameters", "true");
      main.addOverrideProperty("camel.ssl.enabled", "true");
      main.addOverrideProperty("camel.ssl.keyStore", "file:" + tls.keystore());
      main.addOverrideProperty(
          "camel.ssl.keystorePassword", Files.readString(tls.passwordFile()).trim());
    }
  }

  private void refuseMissingRoutes() {
    Set<String> missing = new TreeSet<>(ROUTES);
    missing.removeAll(
        main.getCamelContext().getRoutes().stream()
            .map(Route::getRouteId)
            .collect(Collectors.toSet()));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "The routes " + missing + " were not found: the jar is not packaged as it should be.");
    }
  }

  private static FileChannel lock(Path data) throws IOException {
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    FileChannel channel =
        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the sentence below says it.
    }
    channel.close();
    throw new SettingsException("endpoint.data-dir=" + data + " is in use by another endpoint.");
  }

  /** The port it listens on; 0 if it doesn't. */
  public int port() {
    return JsonRefusals.port(main.getCamelContext());
  }

  /**
   * Stops listening, then stops looking after batches; they go on unless the settings say
   * otherwise.
   */
  @Override
  public void close() throws Exception {
    try {
      main.stop();
    } finally {
      life.close();
      lock.close();
    }
  }
}
