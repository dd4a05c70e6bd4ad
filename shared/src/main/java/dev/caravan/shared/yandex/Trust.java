package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificates that we accept: the JVM's authorities, and those of an additional PEM file. */
final class Trust {
  private Trust() {}

  /**
   * @throws FatalException if the file holds no certificates
   */
  static TrustManagerFactory jvmAnd(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> extra =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (extra.isEmpty()) {
        throw unusable(pem, "it holds no certificate", null);
      }
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int entry = 0;
      for (X509Certificate certificate : jvmAuthorities()) {
        all.setCertificateEntry("jvm-" + entry++, certificate);
      }
      for (Certificate certificate : extra) {
        all.setCertificateEntry("extra-" + entry++, certificate);
      }
      return factoryFor(all);
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(pem, e.toString(), e);
    }
  }

  private static X509Certificate[] jvmAuthorities() throws GeneralSecurityException {
    for (TrustManager manager : factoryFor(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  /** For no key store: the JVM's own. */
  private static TrustManagerFactory factoryFor(KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static FatalException unusable(Path pem, String why, Exception cause) {
    return new FatalException(
        "The CA file "
            + pem
            + " can't be used: "
            + why
            + ". What to do: put PEM certificates there",
        cause);
  }
}
