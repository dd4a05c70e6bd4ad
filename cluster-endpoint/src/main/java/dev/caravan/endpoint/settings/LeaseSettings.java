package dev.caravan.endpoint.settings;

import dev.caravan.processors.yandex.HostAndPort;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * When the endpoint stops its own cluster.
 *
 * @param clusterId which it is; absent: it never does
 * @param grace idle without a living lease for this long
 * @param first how long after its start it waits for a first lease
 * @param maxAge greatest age of the endpoint, whatever runs; absent: none
 * @param yarnBlind a YARN that can't be asked counts as busy for this long
 * @param dataproc the API that is asked
 * @param caFile PEM certificates to trust beside the JVM's own
 * @param metadata the metadata server that gives the machine's tokens
 */
public record LeaseSettings(
    Optional<String> clusterId,
    Duration grace,
    Duration first,
    Optional<Duration> maxAge,
    Duration yarnBlind,
    HostAndPort dataproc,
    Optional<Path> caFile,
    URI metadata) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(30);

  static LeaseSettings from(SettingsSource source) {
    Optional<String> clusterId = source.text("endpoint.cluster-id");
    clusterId
        .filter(id -> !id.matches("[a-zA-Z0-9_-]{1,50}"))
        .ifPresent(
            id -> {
              throw new SettingsException(
                  "endpoint.cluster-id=" + id + " is not the id of a Data Proc cluster.");
            });
    return new LeaseSettings(
        clusterId,
        wait(source, "endpoint.lease-grace", Duration.ofMinutes(10)),
        wait(source, "endpoint.lease-first", Duration.ofMinutes(30)),
        source.text("endpoint.max-age").map(any -> wait(source, "endpoint.max-age", LONGEST)),
        wait(source, "endpoint.yarn-blind", Duration.ofMinutes(30)),
        address(source),
        source.path("endpoint.yandex-ca-file"),
        ShippingSettings.url(source, "endpoint.metadata", "http://169.254.169.254"));
  }

  private static Duration wait(SettingsSource source, String key, Duration otherwise) {
    return source.duration(key, otherwise, SHORTEST, LONGEST);
  }

  private static HostAndPort address(SettingsSource source) {
    String key = "endpoint.yandex-dataproc";
    String value = source.text(key).orElse("dataproc.api.cloud.yandex.net:443");
    try {
      return HostAndPort.parse(value);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(key + ": " + e.getMessage() + ".");
    }
  }
}
