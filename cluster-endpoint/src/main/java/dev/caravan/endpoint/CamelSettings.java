package dev.caravan.endpoint;

import dev.caravan.endpoint.settings.ServerSettings;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Translates our settings to Camel's. */
final class CamelSettings {
  private static final long MAX_BODY = 1024 * 1024;

  /** By name: looking for a pattern makes Camel read the whole jar. */
  private static final String ROUTES =
      Stream.of("errors", "batches", "batch", "lease", "service")
          .map(file -> "classpath:camel/" + file + ".camel.yaml")
          .collect(Collectors.joining(","));

  private CamelSettings() {}

  static void apply(Main main, ServerSettings server) {
    // Camel's default has a hook that waits for the caller of Main.run, and there is none.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.configure().withName("caravan-cluster-endpoint");
    main.configure().withBasePackageScanEnabled(false);
    main.configure().withRoutesIncludePattern(ROUTES);
    main.configure().withShutdownTimeout(5);
    main.configure().withJmxEnabled(false);
    main.configure().withAutoConfigurationEnvironmentVariablesEnabled(false);
    main.configure().withAutoConfigurationSystemPropertiesEnabled(false);
    main.addOverrideProperty("camel.main.startupSummaryLevel", "Oneline");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", server.host());
    main.addOverrideProperty("camel.server.port", Integer.toString(server.port()));
    // Any other path leaves paths below it without authentication on this release (CVE-2026-40022).
    main.addOverrideProperty("camel.server.path", "/");
    main.addOverrideProperty("camel.server.maxBodySize", Long.toString(MAX_BODY));
    main.addOverrideProperty("camel.server.fileUploadEnabled", "false");
    server.tls().ifPresent(tls -> applyTls(main, tls));
  }

  private static void applyTls(Main main, ServerSettings.Tls tls) {
    main.addOverrideProperty("camel.server.useGlobalSslContextParameters", "true");
    main.addOverrideProperty("camel.ssl.enabled", "true");
    main.addOverrideProperty("camel.ssl.keyStore", "file:" + tls.keystore().toAbsolutePath());
    main.addOverrideProperty("camel.ssl.keystorePassword", password(tls));
  }

  private static String password(ServerSettings.Tls tls) {
    try {
      return new SecretFile("endpoint.tls-password-file", tls.passwordFile()).read();
    } catch (FatalException e) {
      throw new SettingsException(e.getMessage() + ".");
    }
  }
}
