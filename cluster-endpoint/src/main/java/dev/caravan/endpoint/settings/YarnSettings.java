package dev.caravan.endpoint.settings;

import java.net.URI;
import java.util.Optional;

/**
 * YARN, as far as the endpoint talks to it itself.
 *
 * @param resourceManager web address, like {@code http://master:8088}; absent means that the
 *     endpoint doesn't ask YARN
 * @param minNodes nodes that must be active before the endpoint says it is ready
 */
public record YarnSettings(Optional<URI> resourceManager, int minNodes) {

  static YarnSettings from(SettingsSource source) {
    Optional<String> address = source.text("endpoint.yarn-rm");
    if (address.isPresent() && !address.get().matches("https?://[A-Za-z0-9._\\[\\]:-]+/?")) {
      throw new SettingsException(
          "endpoint.yarn-rm=" + address.get() + " is not of the form http://host:port.");
    }
    return new YarnSettings(
        address.map(URI::create), source.number("endpoint.yarn-min-nodes", 1, 0, 100_000));
  }
}
