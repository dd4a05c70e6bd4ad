package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.FatalException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint's certificate is its proof; without it no credentials are sent. */
class BatchClientTlsTest {
  @TempDir Path folder;
  private CamelContext camel;

  @BeforeEach
  void startCamel() {
    camel = new DefaultCamelContext();
    camel.start();
  }

  @AfterEach
  void stopCamel() throws Exception {
    camel.close();
  }

  @Test
  void trustsTheCertificatesOfTheFileAndNoOthers() throws Exception {
    Certified own = Certified.forAddress("127.0.0.1");
    try (ScriptedEndpoint endpoint = own.serve();
        ScriptedEndpoint impostor = Certified.forAddress("127.0.0.1").serve();
        BatchClient client = client(Optional.of(own.pem(folder)))) {
      endpoint.answers(200, "{\"ready\":true}");
      impostor.answers(200, "{\"ready\":true}");

      assertThat(client.health(https(endpoint)).ready()).isTrue();
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(https(impostor)))
          .withMessageContaining("caravan.cluster.NAME.endpoint.ca-file");
      assertThat(impostor.requests()).isEmpty();
    }
  }

  @Test
  void certificateOfAnotherHostIsNotTrusted() throws Exception {
    Certified other = Certified.forAddress("10.1.2.3");
    try (ScriptedEndpoint endpoint = other.serve();
        BatchClient client = client(Optional.of(other.pem(folder)))) {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(https(endpoint)))
          .withMessageContaining("isn't trusted");
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void withoutAFileTheJvmsAuthoritiesDecide() throws Exception {
    try (ScriptedEndpoint endpoint = Certified.forAddress("127.0.0.1").serve();
        BatchClient client = client(Optional.empty())) {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(https(endpoint)))
          .withMessageContaining("caravan.cluster.NAME.endpoint.ca-file");
    }
  }

  @Test
  void plainHttpStaysPlainBesideAFile() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint();
        BatchClient client = client(Optional.of(Certified.forAddress("127.0.0.1").pem(folder)))) {
      endpoint.answers(200, "{\"ready\":true}");
      assertThat(client.health(endpoint.uri()).ready()).isTrue();
    }
  }

  @Test
  void fileWithoutCertificatesIsFatal() throws Exception {
    Path empty = Files.writeString(folder.resolve("ca.pem"), "");
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client(Optional.of(empty)))
        .withMessageContaining(empty.toString());
    assertThatExceptionOfType(FatalException.class)
        .isThrownBy(() -> client(Optional.of(folder.resolve("none.pem"))))
        .withMessageContaining("none.pem");
  }

  @Test
  void fileIsReadAgainWhenItsCertificatesTurnOutToBeOld() throws Exception {
    Certified former = Certified.forAddress("127.0.0.1");
    Certified renewed = Certified.forAddress("127.0.0.1");
    Path file = former.pem(folder);
    try (ScriptedEndpoint endpoint = renewed.serve();
        BatchClient client = client(Optional.of(file))) {
      endpoint.answers(200, "{\"ready\":true}");
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(https(endpoint)));

      Files.writeString(file, renewed.pem());
      assertThat(client.health(https(endpoint)).ready()).isTrue();
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  private BatchClient client(Optional<Path> caFile) {
    return new BatchClient(
        camel,
        BatchClientConfig.of(
            EndpointCredentials.bearer("s3cr3t"), caFile.map(CertificatePlace.InFile::new)));
  }

  static URI https(ScriptedEndpoint endpoint) {
    return URI.create(endpoint.uri().toString().replace("http:", "https:"));
  }
}
