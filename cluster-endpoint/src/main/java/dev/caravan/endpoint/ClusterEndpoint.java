package dev.caravan.endpoint;

import dev.caravan.endpoint.settings.EndpointSettings;
import dev.caravan.endpoint.settings.SettingsSource;
import dev.caravan.shared.settings.SettingsException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process: {@code java -jar caravan-cluster-endpoint.jar [--config=FILE] [--key=value ...]}.
 */
public final class ClusterEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEndpoint.class);
  private static final int BAD_SETTINGS = 2;

  private ClusterEndpoint() {}

  /** Runs until SIGTERM; exits with code 2 and one sentence if the settings are invalid. */
  public static void main(String[] args) throws Exception {
    // The machine's own would change letters' case and number formats, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    if (List.of(args).contains("--help")) {
      System.out.print(EndpointSettings.help());
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      EndpointSettings settings =
          EndpointSettings.from(SettingsSource.fromCommandLine(List.of(args)));
      Optional<ReadyFile> ready = settings.server().readyFile().map(ReadyFile::new);
      ready.ifPresent(ReadyFile::remove);
      RunningEndpoint endpoint = RunningEndpoint.start(settings);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(endpoint, ready, stopped), "stop"));
      ready.ifPresent(file -> file.write(settings.server().host(), endpoint.port()));
      LOG.info("Ready: listening on {}:{}.", settings.server().host(), endpoint.port());
    } catch (SettingsException e) {
      System.err.println(
          "caravan-cluster-endpoint: " + e.getMessage() + " (--help lists all settings)");
      System.exit(BAD_SETTINGS);
    }
    stopped.await();
  }

  private static void stop(
      RunningEndpoint endpoint, Optional<ReadyFile> ready, CountDownLatch stopped) {
    try {
      ready.ifPresent(ReadyFile::remove);
      endpoint.close();
    } catch (Exception e) {
      LOG.error("Stopping was not clean.", e);
    } finally {
      stopped.countDown();
    }
  }
}
