package dev.caravan.endpoint.settings;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import dev.caravan.shared.settings.SecretFile;
import dev.caravan.shared.settings.SettingsException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where logs of batches are shipped to while they grow.
 *
 * @param logsTo {@code s3://bucket/prefix/}; a log gets a directory of its own under it
 * @param s3 without a key, the machine's service account is used
 * @param metadata the machine's metadata server, which gives tokens of that account
 * @param interval time between two looks at what was appended
 */
public record ShippingSettings(URI logsTo, S3Settings s3, URI metadata, Duration interval) {

  /** Where the batch of this tag has its log, with a slash at the end. */
  public URI address(String tag) {
    return logsTo.resolve(tag + "/");
  }

  /** Empty if shipping is off; the keys are asked for all the same, so that they are known. */
  static Optional<ShippingSettings> from(SettingsSource source) {
    Optional<URI> logsTo = source.find("endpoint.logs-to").map(ShippingSettings::location);
    URI endpoint = source.url("endpoint.s3-endpoint", "https://storage.yandexcloud.net");
    String region = source.text("endpoint.s3-region", "ru-central1");
    boolean pathStyle = source.yes("endpoint.s3-path-style", false);
    Optional<Path> keyFile = source.path("endpoint.s3-credentials-file");
    URI metadata = source.url("endpoint.metadata", "http://169.254.169.254");
    Duration interval = source.duration("endpoint.logs-interval", "10s", "50ms", "1h");
    Duration timeout = source.duration("endpoint.s3-timeout", "30s", "100ms", "5m");
    Optional<URI> proxy =
        source.find("endpoint.s3-proxy").map(value -> proxy(source, "endpoint.s3-proxy", value));
    if (logsTo.isEmpty()) {
      return Optional.empty();
    }
    if (keyFile.isEmpty() && endpoint.getScheme().equals("http") && !isLoopback(endpoint)) {
      throw new SettingsException(
          "endpoint.s3-endpoint="
              + endpoint
              + " is not https: a token of the machine's service account would be readable on the"
              + " wire; use https, or give endpoint.s3-credentials-file.");
    }
    return Optional.of(
        new ShippingSettings(
            logsTo.get(),
            new S3Settings(
                endpoint,
                region,
                pathStyle,
                keyFile.map(file -> readKey("endpoint.s3-credentials-file", file)),
                timeout,
                proxy),
            metadata,
            interval));
  }

  private static URI location(String value) {
    String slashed = value.endsWith("/") ? value : value + "/";
    if (!slashed.matches("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([A-Za-z0-9._=-]+/)*")
        || slashed.contains("/./")
        || slashed.contains("/../")) {
      throw new SettingsException(
          "endpoint.logs-to="
              + value
              + " is not of the form s3://bucket/prefix (letters, digits and . _ = -).");
    }
    return URI.create(slashed);
  }

  private static URI proxy(SettingsSource source, String key, String value) {
    return URI.create(
        value.matches("http://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+]):[0-9]{1,5}/?")
            ? value
            : source.refuse(key, value, "of the form http://proxy.example:3128", value));
  }

  private static S3Key readKey(String key, Path file) {
    try {
      new SecretFile(key, file).warnIfOpen();
      return S3Key.read(file);
    } catch (FatalException e) {
      throw new SettingsException(key + "=" + e.getMessage());
    }
  }

  private static boolean isLoopback(URI address) {
    try {
      return InetAddress.getByName(address.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
