package dev.caravan.processors;

import dev.caravan.shared.settings.HostNames;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the cluster endpoint listens.
 *
 * @param scheme http or https
 * @param host empty: the master's host name, as the cloud gives it
 * @param readyTimeout how long it may take to get healthy once the cluster is alive
 */
public record EndpointConfig(
    String scheme, Optional<String> host, int port, Duration readyTimeout) {

  public EndpointConfig {
    host.ifPresent(EndpointConfig::inUrl);
  }

  /** The same on another cluster, whose master has a name of its own. */
  public EndpointConfig onMaster() {
    return new EndpointConfig(scheme, Optional.empty(), port, readyTimeout);
  }

  public URI at(String name) {
    return URI.create(scheme + "://" + inUrl(name) + ":" + port);
  }

  private static String inUrl(String name) {
    return HostNames.inUrl(name)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + name + "' is no host name or IP address"));
  }
}
