package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.caravan.shared.FatalException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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

  private BatchClient client(Optional<Path> caFile) {
    return new BatchClient(
        camel, BatchClientConfig.of(EndpointCredentials.bearer("s3cr3t"), caFile));
  }

  private static URI https(ScriptedEndpoint endpoint) {
    return URI.create(endpoint.uri().toString().replace("http:", "https:"));
  }

  /** A key with a certificate that it signed itself. */
  private record Certified(KeyPair keys, X509Certificate certificate) {

    static Certified forAddress(String ip) throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      X500Name name = new X500Name("CN=endpoint");
      Instant now = Instant.now();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofHours(1))),
              name,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, ip)));
      return new Certified(
          keys,
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
    }

    Path pem(Path folder) throws Exception {
      return Files.writeString(
          Files.createTempFile(folder, "ca", ".pem"),
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
              + "\n-----END CERTIFICATE-----\n");
    }

    ScriptedEndpoint serve() throws Exception {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("key", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(managers.getKeyManagers(), null, null);
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new ScriptedEndpoint(server);
    }
  }
}
