package dev.caravan.endpoint;

import dev.caravan.endpoint.settings.ServerSettings;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** Translates our settings to Camel's. */
final class CamelSettings {
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
    server
        .address()
        .camelProperties("endpoint.tls-password-file")
        .forEach(main::addOverrideProperty);
  }
}
