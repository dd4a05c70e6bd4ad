package dev.caravan.shared.yandex;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** The certificates that we accept: the JVM's authorities, and those of an additional PEM file. */
final class Trust {
  private Trust() {}

  /**
   * @throws FatalException if the file holds no certificates
   */
  static TrustManagerFactory jvmAnd(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      List<Certificate> all = new ArrayList<>(TrustedCertificates.read(in));
      all.addAll(List.of(TrustedCertificates.manager(jvmAuthorities()).getAcceptedIssuers()));
      return TrustedCertificates.factory(all);
    } catch (IOException | GeneralSecurityException e) {
      throw new FatalException(
          "The CA file "
              + pem
              + " can't be used: "
              + e
              + ". What to do: put PEM certificates there",
          e);
    }
  }

  private static TrustManagerFactory jvmAuthorities() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    // For no key store: the JVM's own.
    factory.init((KeyStore) null);
    return factory;
  }
}
