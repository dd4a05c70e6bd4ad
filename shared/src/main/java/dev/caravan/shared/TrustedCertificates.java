package dev.caravan.shared;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates of a file, and the trust in them and in no others. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Reads them.
   *
   * @param in PEM, any number of them, or DER
   * @throws CertificateException if there is none
   */
  public static List<Certificate> read(InputStream in) throws CertificateException {
    List<Certificate> found =
        List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    if (found.isEmpty()) {
      throw new CertificateException("there is no certificate");
    }
    return found;
  }

  /** Trusts those that are one of these, or were issued by one of them. */
  public static TrustManagerFactory factory(Collection<? extends Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate each : certificates) {
      store.setCertificateEntry("certificate-" + store.size(), each);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  /** The one manager of them that every JVM has. */
  public static X509ExtendedTrustManager manager(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("This JVM has no X.509 trust manager.");
  }
}
