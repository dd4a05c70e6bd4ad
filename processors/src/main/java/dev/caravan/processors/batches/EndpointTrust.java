package dev.caravan.processors.batches;

import dev.caravan.processors.output.S3Objects;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.camel.CamelContext;

/**
 * Trusts the certificates of one place, as they were when it was last read: at the first call, and
 * again after a server that they don't vouch for. Thread-safe; a handshake never waits for a read.
 */
final class EndpointTrust extends X509ExtendedTrustManager {
  private static final int LONGEST_BYTES = 256 * 1024;

  private final CertificatePlace place;
  private final Supplier<byte[]> reader;
  private volatile Optional<Known> known = Optional.empty();

  private EndpointTrust(CertificatePlace place, Supplier<byte[]> reader) {
    this.place = place;
    this.reader = reader;
  }

  /**
   * Reads a file at once, and an object when it is needed.
   *
   * @param camel its {@code aws2-s3} component reads an object
   * @throws FatalException if a file holds no certificates
   */
  static EndpointTrust of(CertificatePlace place, CamelContext camel) {
    if (place instanceof CertificatePlace.InFile here) {
      EndpointTrust trust = new EndpointTrust(place, () -> read(here.file()));
      trust.renew();
      return trust;
    }
    CertificatePlace.InStorage stored = (CertificatePlace.InStorage) place;
    S3Objects objects = new S3Objects(camel);
    return new EndpointTrust(
        place,
        () ->
            objects
                .whole(stored.object(), LONGEST_BYTES)
                .orElseThrow(
                    () ->
                        new RetryableException(
                            place
                                + " is not there yet: the endpoint writes its certificate there"
                                + " when the cluster starts.")));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new FatalException("The CA file " + file + " can't be read: " + e, e);
    }
  }

  /**
   * Reads the place unless that was done.
   *
   * @throws RetryableException if it can't be read now
   * @throws FatalException if it holds no certificates
   */
  void require() {
    if (known.isEmpty()) {
      renew();
    }
  }

  /** Reads the place again; whether it holds other certificates than before. Throws as above. */
  synchronized boolean renew() {
    byte[] pem = reader.get();
    if (known.filter(before -> Arrays.equals(before.pem, pem)).isPresent()) {
      return false;
    }
    known =
        Optional.of(
            new Known(
                pem, TrustedAuthorities.trusting(place.toString(), new ByteArrayInputStream(pem))));
    return true;
  }

  private X509ExtendedTrustManager current() throws CertificateException {
    return known
        .map(Known::manager)
        .orElseThrow(() -> new CertificateException(place + " was not read"));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    current().checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    current().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    current().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("This is for servers alone");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return known
        .map(Known::manager)
        .map(X509ExtendedTrustManager::getAcceptedIssuers)
        .orElseGet(() -> new X509Certificate[0]);
  }

  private static final class Known {
    private final byte[] pem;
    private final X509ExtendedTrustManager manager;

    Known(byte[] pem, X509ExtendedTrustManager manager) {
      this.pem = pem;
      this.manager = manager;
    }

    X509ExtendedTrustManager manager() {
      return manager;
    }
  }
}
