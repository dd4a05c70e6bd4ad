package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.shared.FatalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {
  @TempDir private Path directory;

  private static List<X509Certificate> accepted(TrustManagerFactory factory) {
    return List.of(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
  }

  @Test
  void extraCertificateComesBesideTheJvmsOwn() throws Exception {
    Path pem;
    try (var other = ServerOfAnotherName.start(directory)) {
      pem = other.certificate();
    }
    X509Certificate extra;
    try (InputStream in = Files.newInputStream(pem)) {
      extra = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    var jvm = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    jvm.init((KeyStore) null);
    assertThat(accepted(jvm)).isNotEmpty();

    assertThat(accepted(Trust.jvmAnd(pem))).contains(extra).containsAll(accepted(jvm));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nxx\n"})
  void fileWithoutCertificatesIsRefused(String text) throws IOException {
    Path pem = Files.writeString(directory.resolve("ca.pem"), text);
    assertThatThrownBy(() -> Trust.jvmAnd(pem))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("The CA file " + pem + " can't be used");
  }

  @Test
  void missingFileIsRefused() {
    assertThatThrownBy(() -> Trust.jvmAnd(directory.resolve("none.pem")))
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("none.pem");
  }
}
