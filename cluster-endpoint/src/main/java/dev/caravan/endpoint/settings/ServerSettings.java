package dev.caravan.endpoint.settings;

import dev.caravan.shared.http.ListenAddress;
import dev.caravan.shared.http.ServerCertificate;
import dev.caravan.shared.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the endpoint listens and how it authenticates callers.
 *
 * @param host address to bind
 * @param port 0 means any free port
 * @param prefix further mount point beside the root, empty or {@code /like/this}
 * @param requestTimeout how long a request may take to arrive, and a new connection to bring one
 * @param credentialsFile properties with {@code basic.<user>}, {@code bearer.<name>}, {@code
 *     rights.<name>}
 * @param tls keystore and its password's file; absent means plain HTTP
 * @param readyFile is written when the endpoint answers requests
 */
public record ServerSettings(
    String host,
    int port,
    String prefix,
    Duration requestTimeout,
    Optional<Path> credentialsFile,
    Optional<ServerCertificate> tls,
    Optional<Path> readyFile) {

  public ListenAddress address() {
    return new ListenAddress(host, port, tls);
  }

  static ServerSettings from(SettingsSource source) {
    String host = source.text("endpoint.host", "127.0.0.1");
    int port = source.integer("endpoint.port", 8998, 0, 65535);
    String prefix = source.text("endpoint.prefix", "");
    if (!prefix.matches("(/[A-Za-z0-9._~-]+)*")) {
      source.refuse("endpoint.prefix", prefix, "of the form /like/this", prefix);
    }
    Optional<Path> credentials = source.path("endpoint.credentials-file");
    if (credentials.isEmpty() && !ListenAddress.isLoopback("endpoint.host", host)) {
      throw new SettingsException(
          "endpoint.host="
              + host
              + " is reachable from other machines, but endpoint.credentials-file is not set;"
              + " give a file with credentials, or listen on 127.0.0.1.");
    }
    Duration timeout = source.duration("endpoint.request-timeout", "20s", "100ms", "5m");
    Optional<Path> keystore = source.path("endpoint.tls-keystore");
    Optional<Path> password = source.path("endpoint.tls-password-file");
    if (keystore.isPresent() != password.isPresent()) {
      throw new SettingsException(
          "endpoint.tls-keystore and endpoint.tls-password-file go together; only one was given.");
    }
    return new ServerSettings(
        host,
        port,
        prefix,
        timeout,
        credentials,
        keystore.map(k -> new ServerCertificate(k, password.orElseThrow())),
        source.path("endpoint.ready-file"));
  }
}
