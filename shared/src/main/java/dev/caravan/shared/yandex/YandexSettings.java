package dev.caravan.shared.yandex;

import dev.caravan.shared.settings.HostAndPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The addresses of the cloud and our credentials for it.
 *
 * @param dataproc the Data Proc API
 * @param operations the API of long-running operations
 * @param iam the API that gives IAM tokens
 * @param caFile PEM certificates to trust beside the JVM's own
 * @param credentials who we are
 * @param callTimeout the deadline of one call, waiting for a token and retries included; 100 ms to
 *     10 min
 * @param proxy an HTTP proxy that tunnels (CONNECT); empty: none, whatever the environment says
 */
public record YandexSettings(
    HostAndPort dataproc,
    HostAndPort operations,
    HostAndPort iam,
    Optional<Path> caFile,
    YandexCredentials credentials,
    Duration callTimeout,
    Optional<HostAndPort> proxy) {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Without a proxy. */
  public YandexSettings(
      HostAndPort dataproc,
      HostAndPort operations,
      HostAndPort iam,
      Optional<Path> caFile,
      YandexCredentials credentials,
      Duration callTimeout) {
    this(dataproc, operations, iam, caFile, credentials, callTimeout, Optional.empty());
  }

  /**
   * Reads the CA file once.
   *
   * @throws dev.caravan.shared.FatalException if it holds no certificates
   */
  public void requireAuthorities() {
    caFile.ifPresent(Trust::jvmAnd);
  }

  public YandexSettings {
    if (callTimeout.compareTo(SHORTEST) < 0 || callTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "The call timeout of the Yandex API is "
              + callTimeout
              + ": expected "
              + SHORTEST
              + " to "
              + LONGEST);
    }
  }
}
