package dev.caravan.routes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.traces.TraceEndpoint;
import dev.caravan.routes.operations.TestInstallation;
import dev.caravan.shared.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSettingsTest {
  @TempDir Path directory;
  private TestInstallation installation;

  @BeforeEach
  void create() throws IOException {
    installation = new TestInstallation(directory);
  }

  @Test
  void nothingIsSentByDefault() throws IOException {
    assertThat(installation.read().traces()).isEmpty();
  }

  @Test
  void addressAndHeadersAreRead() throws IOException {
    installation.write("headers", "Authorization=Bearer t0psecret\nX-Scope-OrgID = team ");
    installation
        .set("caravan.traces.endpoint", "https://tempo.example:4318/v1/traces")
        .set("caravan.traces.headers-file", "headers");
    TraceEndpoint endpoint = installation.read().traces().orElseThrow();

    assertThat(endpoint.address()).isEqualTo(URI.create("https://tempo.example:4318/v1/traces"));
    assertThat(endpoint.headers())
        .isEqualTo(Map.of("Authorization", "Bearer t0psecret", "X-Scope-OrgID", "team"));
    assertThat(endpoint.toString()).doesNotContain("t0psecret");

    installation.write("headers", "Authorization=Bearer n3w");
    assertThat(endpoint.headers()).isEqualTo(Map.of("Authorization", "Bearer n3w"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:4318",
        "grpc://127.0.0.1:4317/v1/traces",
        "http://127.0.0.1:4318",
        "http://127.0.0.1:4318/",
        "http:///v1/traces",
        "http://ann:pass@127.0.0.1:4318/v1/traces",
        "http://127.0.0.1:4318/v1/traces#top",
        "not an address"
      })
  void addressThatNoTraceCouldBeSentToIsRefused(String address) {
    installation.set("caravan.traces.endpoint", address);
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.traces.endpoint")
        .withMessageContaining("such as http://127.0.0.1:4318/v1/traces")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("pass@"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"caravan.traces.headers-file", "caravan.traces.ca-file"})
  void fileWithoutAnAddressIsRefused(String key) throws IOException {
    installation.write("file", "A=b");
    installation.set(key, "file");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.traces.endpoint is not set")
        .withMessageContaining(key + " is set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Authorization Bearer=t0psecret\u00e9", "Authorization=", "a(b)=t0psecret"})
  void headersThatAreNoneAreRefusedWithoutTheirValues(String line) throws IOException {
    installation.write("headers", line);
    installation
        .set("caravan.traces.endpoint", "http://127.0.0.1:4318/v1/traces")
        .set("caravan.traces.headers-file", "headers");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.traces.headers-file")
        .withMessageContaining("NAME=VALUE")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("t0psecret"));
  }

  @Test
  void headersFileMustBeThere() {
    installation
        .set("caravan.traces.endpoint", "http://127.0.0.1:4318/v1/traces")
        .set("caravan.traces.headers-file", "none");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.traces.headers-file");
  }

  @Test
  void fileOfAuthoritiesMustHoldCertificates() throws IOException {
    installation.write("ca.pem", "no certificate");
    installation
        .set("caravan.traces.endpoint", "https://127.0.0.1:4318/v1/traces")
        .set("caravan.traces.ca-file", "ca.pem");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(installation::read)
        .withMessageContaining("caravan.traces.ca-file")
        .withMessageContaining("holds no certificate");
  }
}
