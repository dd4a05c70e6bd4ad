package dev.caravan.endpoint.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logs of batches are shipped to while they grow.
 *
 * @param logsTo {@code s3://bucket/prefix/}; a log gets a directory of its own under it
 * @param endpoint address of S3
 * @param pathStyle whether the bucket stands in the path instead of the host name
 * @param key a static key; without one the machine's service account is used
 * @param metadata the machine's metadata server, which gives tokens of that account
 * @param interval time between two looks at what was appended
 * @param timeout of one call to S3
 * @param proxy an HTTP proxy to S3; empty: none, whatever the environment says
 */
public record ShippingSettings(
    URI logsTo,
    URI endpoint,
    String region,
    boolean pathStyle,
    Optional<Key> key,
    URI metadata,
    Duration interval,
    Duration timeout,
    Optional<URI> proxy) {
  private static final Logger LOG = LoggerFactory.getLogger(ShippingSettings.class);

  /** A static access key; its text does not show the secret. */
  public record Key(String id, String secret) {
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  /** Where the batch of this tag has its log, with a slash at the end. */
  public URI address(String tag) {
    return logsTo.resolve(tag + "/");
  }

  /** Empty if shipping is off; the keys are asked for all the same, so that they are known. */
  static Optional<ShippingSettings> from(SettingsSource source) {
    Optional<URI> logsTo = source.text("endpoint.logs-to").map(ShippingSettings::location);
    URI endpoint = url(source, "endpoint.s3-endpoint", "https://storage.yandexcloud.net");
    String region = source.text("endpoint.s3-region").orElse("ru-central1");
    boolean pathStyle =
        source.choice("endpoint.s3-path-style", "false", "true", "false").equals("true");
    Optional<Path> keyFile = source.path("endpoint.s3-credentials-file");
    URI metadata = url(source, "endpoint.metadata", "http://169.254.169.254");
    Duration interval =
        source.duration(
            "endpoint.logs-interval",
            Duration.ofSeconds(10),
            Duration.ofMillis(50),
            Duration.ofHours(1));
    Duration timeout =
        source.duration(
            "endpoint.s3-timeout",
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofMinutes(5));
    Optional<URI> proxy =
        source.text("endpoint.s3-proxy").map(value -> proxy("endpoint.s3-proxy", value));
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
            endpoint,
            region,
            pathStyle,
            keyFile.map(ShippingSettings::readKey),
            metadata,
            interval,
            timeout,
            proxy));
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

  static URI url(SettingsSource source, String key, String otherwise) {
    String value = source.text(key).orElse(otherwise);
    if (!value.matches("https?://[A-Za-z0-9._\\[\\]:-]+/?")) {
      throw new SettingsException(key + "=" + value + " is not of the form " + otherwise + ".");
    }
    return URI.create(value.replaceAll("/$", ""));
  }

  private static URI proxy(String key, String value) {
    if (!value.matches("http://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+]):[0-9]{1,5}/?")) {
      throw new SettingsException(
          key + "=" + value + " is not of the form http://proxy.example:3128.");
    }
    return URI.create(value);
  }

  private static Key readKey(Path file) {
    Map<String, String> read = SettingsSource.readFile(file);
    String id = read.getOrDefault("access-key-id", "");
    String secret = read.getOrDefault("secret-access-key", "");
    if (id.isEmpty() || secret.isEmpty()) {
      throw new SettingsException(
          "endpoint.s3-credentials-file="
              + file
              + " must hold access-key-id= and secret-access-key= of an S3 key.");
    }
    warnIfOpen(file);
    return new Key(id, secret);
  }

  private static void warnIfOpen(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        LOG.warn(
            "endpoint.s3-credentials-file={} can be read by every user of this machine: chmod 600"
                + " it.",
            file);
      }
    } catch (IOException e) {
      LOG.debug("The permissions of {} are unknown.", file, e);
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
