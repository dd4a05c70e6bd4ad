package dev.caravan.routes.cli;

import dev.caravan.shared.TrustedCertificates;
import dev.caravan.shared.settings.SettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** The certificates that a server's own may be or come from, in place of those of the JVM. */
final class TrustedServer {
  private final SSLSocketFactory sockets;
  private final boolean anyName;

  private TrustedServer(SSLSocketFactory sockets, boolean anyName) {
    this.sockets = sockets;
    this.anyName = anyName;
  }

  /**
   * The one certificate of a server of this installation. Its file tells it, so that neither who
   * has issued it nor the name in it matters: a server on all addresses has none that is in its
   * certificate.
   *
   * @param text DER in Base64
   * @throws IllegalArgumentException if it is no certificate
   */
  static TrustedServer ofFile(String text) {
    try (InputStream in = new ByteArrayInputStream(Base64.getDecoder().decode(text))) {
      return new TrustedServer(trusting(in), true);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "The server's file has no certificate that can be used", e);
    }
  }

  /**
   * A server whose certificate is one of these or was issued by one of them, for the name that it
   * is called by.
   *
   * @param pem the certificates
   * @throws SettingsException if the file holds none
   */
  static TrustedServer issuedBy(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      return new TrustedServer(trusting(in), false);
    } catch (GeneralSecurityException | IOException e) {
      throw new SettingsException(
          "The file " + pem + " of --ca-file can't be read as PEM certificates: " + e);
    }
  }

  private static SSLSocketFactory trusting(InputStream certificates)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null,
        TrustedCertificates.factory(TrustedCertificates.read(certificates)).getTrustManagers(),
        null);
    return context.getSocketFactory();
  }

  /** Before the connection is opened. */
  void requireOf(HttpURLConnection connection) {
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(sockets);
      if (anyName) {
        secure.setHostnameVerifier((host, session) -> true);
      }
    }
  }
}
