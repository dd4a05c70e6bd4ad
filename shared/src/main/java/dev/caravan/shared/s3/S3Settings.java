package dev.caravan.shared.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The address of S3 and our credentials for it.
 *
 * @param endpoint the server's address; the bucket is no part of it
 * @param pathStyle whether the bucket stands in the path instead of the host name
 * @param key signs the requests; without one they go unsigned
 * @param timeout of one try
 * @param proxy an HTTP proxy, {@code http://host:port}; empty: none, whatever the environment says
 */
public record S3Settings(
    URI endpoint,
    String region,
    boolean pathStyle,
    Optional<S3Key> key,
    Duration timeout,
    Optional<URI> proxy) {

  public S3Settings {
    boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!http || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "An S3 endpoint looks like https://storage.yandexcloud.net.");
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException("S3 needs a region, for example ru-central1.");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("S3's time-out must be longer than " + timeout + ".");
    }
  }
}
