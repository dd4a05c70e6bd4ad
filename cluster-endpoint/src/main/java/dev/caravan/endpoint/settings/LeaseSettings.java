package dev.caravan.endpoint.settings;

import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.settings.SettingsException;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
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
 * @param yandex the API that is asked, as this machine's service account
 */
public record LeaseSettings(
    Optional<String> clusterId,
    Duration grace,
    Duration first,
    Optional<Duration> maxAge,
    Duration yarnBlind,
    YandexSettings yandex) {
  private static final String LONGEST = "30d";
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

  static LeaseSettings from(SettingsSource source) {
    Optional<String> clusterId = source.find("endpoint.cluster-id");
    clusterId
        .filter(id -> !id.matches("[a-zA-Z0-9_-]{1,50}"))
        .ifPresent(
            id -> {
              throw new SettingsException(
                  "endpoint.cluster-id=" + id + " is not the id of a Data Proc cluster.");
            });
    return new LeaseSettings(
        clusterId,
        wait(source, "endpoint.lease-grace", "10m"),
        wait(source, "endpoint.lease-first", "30m"),
        source.find("endpoint.max-age").map(any -> wait(source, "endpoint.max-age", LONGEST)),
        wait(source, "endpoint.yarn-blind", "30m"),
        yandex(source));
  }

  private static Duration wait(SettingsSource source, String key, String otherwise) {
    return source.duration(key, otherwise, "100ms", LONGEST);
  }

  private static YandexSettings yandex(SettingsSource source) {
    HostAndPort dataproc = address(source);
    // The others are for operations and keys, and never asked.
    return new YandexSettings(
        dataproc,
        dataproc,
        dataproc,
        source.path("endpoint.yandex-ca-file"),
        new YandexCredentials.Metadata(source.url("endpoint.metadata", "http://169.254.169.254")),
        CALL_TIMEOUT);
  }

  private static HostAndPort address(SettingsSource source) {
    String key = "endpoint.yandex-dataproc";
    String value = source.text(key, "dataproc.api.cloud.yandex.net:443");
    try {
      return HostAndPort.parse(value);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(key + ": " + e.getMessage() + ".");
    }
  }
}
