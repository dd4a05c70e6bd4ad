package dev.caravan.processors.batches;

import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
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
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca-" + trusted.size(), each);
      }
      if (trusted.size() == 0) {
        throw new FatalException(place + " contains no certificate.");
      }
      return trustManager(trusted);
    } catch (IOException | GeneralSecurityException e) {
      throw new FatalException(place + " can't be read as PEM certificates: " + e, e);
    }
  }

  private static X509ExtendedTrustManager trustManager(KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("This JVM has no X.509 trust manager.");
  }
}
