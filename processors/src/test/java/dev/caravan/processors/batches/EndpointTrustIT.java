package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.processors.output.S3Extension;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.FatalException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The certificate that the cluster's master leaves in S3, whenever it does. */
class EndpointTrustIT {
  @RegisterExtension static final S3Extension S3 = new S3Extension();

  @Test
  void waitsForTheFirstCertificateAndFollowsEachRenewal() throws Exception {
    String key = "endpoint/first.pem";
    Certified first = Certified.forAddress("127.0.0.1");
    Certified second = Certified.forAddress("127.0.0.1");
    try (BatchClient client = client(key);
        ScriptedEndpoint endpoint = first.serve();
        ScriptedEndpoint renewed = second.serve()) {
      endpoint.answers(200, "{\"ready\":true}");
      renewed.answers(200, "{\"ready\":true}");

      // The cluster has never been up.
      Health health = client.health(BatchClientTlsTest.https(endpoint));
      assertThat(health.ready()).isFalse();
      assertThat(health.reason().orElseThrow())
          .contains("s3://lake/endpoint/first.pem is not there yet");
      S3.put(key, first.pem());
      assertThat(client.health(BatchClientTlsTest.https(endpoint)).ready()).isTrue();

      // Another server under the same name is no reason to trust it.
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(BatchClientTlsTest.https(renewed)))
          .withMessageContaining("isn't trusted");
      assertThat(renewed.requests()).isEmpty();

      S3.put(key, second.pem());
      assertThat(client.health(BatchClientTlsTest.https(renewed)).ready()).isTrue();
      assertThat(renewed.requests()).hasSize(1);
    }
  }

  @Test
  void anObjectWithoutCertificatesIsFatalAndNothingIsSent() throws Exception {
    S3.put("endpoint/text.pem", "no certificate");
    try (BatchClient client = client("endpoint/text.pem");
        ScriptedEndpoint endpoint = Certified.forAddress("127.0.0.1").serve()) {
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(() -> client.health(BatchClientTlsTest.https(endpoint)))
          .withMessageContaining("s3://lake/endpoint/text.pem");
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  private static BatchClient client(String key) {
    return new BatchClient(
        S3.camel(),
        BatchClientConfig.of(
            EndpointCredentials.bearer("s3cr3t"),
            Optional.of(new CertificatePlace.InStorage(new S3Location(S3Extension.BUCKET, key)))));
  }
}
