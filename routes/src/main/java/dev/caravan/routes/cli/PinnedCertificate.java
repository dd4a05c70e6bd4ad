package dev.caravan.routes.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The one certificate that is accepted of a server of this installation. Its file tells it, so that
 * neither who has issued it nor the name in it matters: a server on all addresses has none that is
 * in its certificate.
 */
final class PinnedCertificate {
  private final SSLSocketFactory sockets;

  private PinnedCertificate(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /**
   * @param text DER in Base64
   * @throws IllegalArgumentException if it is no certificate
   */
  static PinnedCertificate of(String text) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "server",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(text))));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return new PinnedCertificate(context.getSocketFactory());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "The server's file has no certificate that can be used", e);
    }
  }

  /** Before the connection is opened. */
  void requireOf(HttpURLConnection connection) {
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(sockets);
      secure.setHostnameVerifier((host, session) -> true);
    }
  }
}
