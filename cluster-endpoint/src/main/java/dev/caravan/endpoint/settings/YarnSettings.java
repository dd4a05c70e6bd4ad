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
    String key = "endpoint.yarn-rm";
    Optional<URI> address =
        source.find(key).map(given -> source.url(key, given, "http://host:port"));
    return new YarnSettings(address, source.integer("endpoint.yarn-min-nodes", 1, 0, 100_000));
  }
}
