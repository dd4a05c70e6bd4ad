package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.routes.operations.TestInstallation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as other machines reach it: over TLS, with rights. */
@Tag("slow")
class ApiTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static TestInstallation installation;
  private static TestServer server;
  private static String host;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    // A machine without a network has loopback alone; the server listens on all there are.
    host =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each.getAddress().length == 4 && !each.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst()
            .orElse("127.0.0.1");
    installation = TestServer.installation(directory);
    installation.write(
        "secrets/api.properties", "bearer.viewer=see\nrights.viewer=read\nbearer.team=do\n");
    installation.write("secrets/tls-password", "changeit\n");
    makeKeystore();
    server =
        TestServer.start(
            installation
                .set("caravan.server.host", "0.0.0.0")
                .set("caravan.server.credentials-file", "secrets/api.properties")
                .set("caravan.server.tls-keystore", "secrets/server.p12")
                .set("caravan.server.tls-password-file", "secrets/tls-password"));
    client = HttpClient.newBuilder().sslContext(trusting()).build();
  }

  private static void makeKeystore() throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                directory.resolve("secrets/server.p12").toString(),
                "-storepass",
                "changeit",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=caravan",
                "-ext",
                "san=ip:" + host,
                "-validity",
                "2")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }

  private static SSLContext trusting() throws Exception {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("secrets/server.p12"))) {
      store.load(in, "changeit".toCharArray());
    }
    return store;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest request(String scheme, String method, String path, String token) {
    URI uri =
        URI.create(scheme + "://" + host + ":" + server.address().getPort() + "/api/v1" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /runs, '', 401",
    "GET, /runs, wrong, 401",
    "GET, /runs, see, 200",
    "GET, /openapi.json, see, 200",
    "POST, /pipelines/marts/pause, see, 403",
    "POST, /pipelines/marts/resume, do, 200"
  })
  void clientOnTheNetworkDoesWhatItsRightsAllow(
      String method, String path, String token, int status) throws Exception {
    HttpResponse<String> answer =
        client.send(request("https", method, path, token), HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.sslSession().orElseThrow().getProtocol()).isIn("TLSv1.2", "TLSv1.3");
  }

  @Test
  void nothingIsSaidWithoutTlsNorBelievedWithoutTheCertificate() {
    HttpRequest plain = request("http", "GET", "/runs", "see");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> client.send(plain, HttpResponse.BodyHandlers.ofString()));
    HttpClient stranger = HttpClient.newHttpClient();
    HttpRequest secure = request("https", "GET", "/runs", "see");
    assertThatExceptionOfType(SSLHandshakeException.class)
        .isThrownBy(() -> stranger.send(secure, HttpResponse.BodyHandlers.ofString()));
  }

  private record Told(int exitCode, String out, String err) {}

  private static Told pipelines(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Caravan.commandLine("pipelines")
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(
                Stream.concat(Stream.of("pipelines"), Stream.of(options)).toArray(String[]::new));
    return new Told(exitCode, out.toString(), err.toString());
  }

  /** The file that the server leaves is all that a command on its machine needs. */
  @Test
  void commandOnTheSameMachineIsLetIn() throws Exception {
    Told told = pipelines("--config", installation.file().toString());

    assertThat(told.exitCode()).as(told.err()).isZero();
    assertThat(told.err()).isEmpty();
    assertThat(told.out()).contains("marts");
  }

  /** As from another machine: no file of the server's, but its certificate. */
  @Test
  void commandFromElsewhereTrustsTheCertificatesItIsGiven() throws Exception {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(store().getCertificate("server").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    Path certificate = Files.writeString(directory.resolve("server.pem"), pem);
    Path token = installation.write("secrets/viewer-token", "see\n");
    String[] named = {
      "--server",
      "https://" + host + ":" + server.address().getPort(),
      "--token-file",
      token.toString(),
      "--ca-file",
      certificate.toString()
    };

    Told told = pipelines(named);
    assertThat(told.exitCode()).as(told.err()).isZero();
    assertThat(told.out()).contains("marts");

    // It is issued for that address alone.
    named[1] = "https://localhost:" + server.address().getPort();
    assertThat(pipelines(named).err()).contains("doesn't answer");
    named[5] = token.toString();
    assertThat(pipelines(named).err()).contains("of --ca-file can't be read as PEM certificates");
    Told untrusting = pipelines(Arrays.copyOf(named, 4));
    assertThat(untrusting.exitCode()).isNotZero();
    assertThat(untrusting.err()).contains("doesn't answer");
  }
}
