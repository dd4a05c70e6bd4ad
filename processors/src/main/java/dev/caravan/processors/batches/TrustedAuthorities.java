package dev.caravan.processors.batches;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** Turns a PEM file of certificates into Camel's TLS settings: these are trusted, no others. */
public final class TrustedAuthorities {
  private TrustedAuthorities() {}

  /**
   * Reads the file.
   *
   * @throws FatalException if it has no certificates
   */
  public static SSLContextParameters read(Path pem) {
    String place = "The CA file " + pem;
    try (InputStream in = Files.newInputStream(pem)) {
      return parameters(trusting(place, in));
    } catch (IOException e) {
      throw new FatalException(place + " can't be read as PEM certificates: " + e, e);
    }
  }

  /** Camel's TLS settings with this opinion of servers. */
  static SSLContextParameters parameters(X509ExtendedTrustManager trust) {
    TrustManagersParameters managers = new TrustManagersParameters();
    managers.setTrustManager(trust);
    SSLContextParameters parameters = new SSLContextParameters();
    parameters.setTrustManagers(managers);
    return parameters;
  }

  /**
   * Trusts the certificates that it reads, and no others.
   *
   * @param place for the beginning of a message
   * @throws FatalException if there are none
   */
  static X509ExtendedTrustManager trusting(String place, InputStream pem) {
    try {
      return TrustedCertificates.manager(
          TrustedCertificates.factory(TrustedCertificates.read(pem)));
    } catch (IOException | GeneralSecurityException e) {
      throw new FatalException(place + " can't be read as PEM certificates: " + e, e);
    }
  }
}
