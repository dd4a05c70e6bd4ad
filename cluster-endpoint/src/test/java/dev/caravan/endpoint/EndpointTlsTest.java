package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class EndpointTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private Path keystore() throws Exception {
    Path keystore = directory.resolve("keystore.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "endpoint",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return keystore;
  }

  private TestEndpoint start() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "changeit\n");
    return TestEndpoint.start(
        directory,
        "endpoint.tls-keystore",
        keystore().toString(),
        "endpoint.tls-password-file",
        password.toString());
  }

  private SSLContext trust() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("keystore.p12"))) {
      store.load(in, "changeit".toCharArray());
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void servesOverTlsOnly(String protocol) throws Exception {
    try (TestEndpoint endpoint = start()) {
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {protocol});
      HttpClient client =
          HttpClient.newBuilder().sslContext(trust()).sslParameters(parameters).build();
      URI secure = URI.create("https://127.0.0.1:" + endpoint.port() + "/batches");

      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(secure).timeout(PATIENCE).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
      HttpRequest plain =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + "/batches"))
              .timeout(PATIENCE)
              .build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> client.send(plain, HttpResponse.BodyHandlers.ofString()));
    }
  }

  @Test
  void aTakenPortOrDirectoryStopsTheBoot() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(directory)) {
      assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(() -> TestEndpoint.start(directory))
          .withMessageContaining("is in use by another endpoint");
      Path other = Files.createDirectory(directory.resolve("other"));
      assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(
              () -> TestEndpoint.start(other, "endpoint.port", Integer.toString(endpoint.port())))
          .withMessageContaining("The endpoint can't listen on 127.0.0.1:" + endpoint.port());
    }
  }
}
