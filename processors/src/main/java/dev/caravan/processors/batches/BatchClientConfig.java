package dev.caravan.processors.batches;

import java.time.Duration;
import java.util.Optional;

/**
 * How to reach the endpoint, whatever its address.
 *
 * @param connectTimeout at most 4 s: a call must end well within the time that a shutdown has
 * @param responseTimeout at most 4 s, for the whole answer
 * @param certificates trusted instead of the JVM's, for https
 */
public record BatchClientConfig(
    EndpointCredentials credentials,
    Duration connectTimeout,
    Duration responseTimeout,
    Optional<CertificatePlace> certificates) {
  public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(4);

  public BatchClientConfig {
    requireTimeout("connect", connectTimeout);
    requireTimeout("response", responseTimeout);
  }

  public static BatchClientConfig of(
      EndpointCredentials credentials, Optional<CertificatePlace> certificates) {
    return new BatchClientConfig(credentials, LONGEST_TIMEOUT, LONGEST_TIMEOUT, certificates);
  }

  /**
   * Reads the certificates once, if they are in a file: an object may be written later.
   *
   * @throws dev.caravan.shared.FatalException if it holds no certificates
   */
  public void requireAuthorities() {
    if (certificates.orElse(null) instanceof CertificatePlace.InFile here) {
      TrustedAuthorities.read(here.file());
    }
  }

  private static void requireTimeout(String what, Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "The endpoint's " + what + " timeout must be 1 ms to 4 s, but is " + timeout + ".");
    }
  }
}
