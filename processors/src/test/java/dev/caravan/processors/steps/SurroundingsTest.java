package dev.caravan.processors.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.cloud.yandex.YandexEmulator;
import dev.caravan.processors.output.OutputContract;
import dev.caravan.processors.output.OutputVerifier;
import dev.caravan.processors.output.S3Component;
import dev.caravan.processors.output.S3Extension;
import dev.caravan.processors.output.S3Location;
import dev.caravan.shared.RetryableException;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.settings.HostAndPort;
import dev.caravan.shared.yandex.YandexClusters;
import dev.caravan.shared.yandex.YandexCredentials;
import dev.caravan.shared.yandex.YandexSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands around us, meant for others, changes nothing of our calls; a proxy is a setting. */
@Tag("slow")
class SurroundingsTest {
  private static final String EMPTY = "<ListBucketResult></ListBucketResult>";
  private static final OutputContract NOTHING =
      new OutputContract(S3Location.of("s3://lake/mart/"), 0, 0, 0, List.of());

  @TempDir Path directory;

  private final List<URI> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private YandexEmulator cloud;
  private Path keys;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI());
          boolean health = exchange.getRequestURI().getPath().endsWith("/health");
          byte[] answer = (health ? "{\"ready\":true}" : EMPTY).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    cloud = YandexEmulator.builder(directory.resolve("cloud")).cluster("c9q1").build();
    keys =
        Files.writeString(
            directory.resolve("s3.properties"), "access-key-id=id\nsecret-access-key=key\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
    cloud.close();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void anEnvironmentMadeForOthersChangesNothing() throws Exception {
    String nowhere = "http://127.0.0.1:" + closedPort();
    Path broken = Files.writeString(directory.resolve("config"), "[broken\nthis is = no profile\n");
    ProcessBuilder child = child(List.of());
    Map<String, String> environment = child.environment();
    for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
      environment.put(name, nowhere);
      environment.put(name.toLowerCase(java.util.Locale.ROOT), nowhere);
    }
    environment.remove("NO_PROXY");
    environment.remove("no_proxy");
    environment.put("AWS_CONFIG_FILE", broken.toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", broken.toString());
    environment.put("AWS_USE_FIPS_ENDPOINT", "true");
    environment.put("AWS_USE_DUALSTACK_ENDPOINT", "true");
    environment.put("AWS_S3_USE_ARN_REGION", "true");
    for (String name :
        List.of(
            "AWS_MAX_ATTEMPTS",
            "AWS_RETRY_MODE",
            "AWS_DEFAULTS_MODE",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
            "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS",
            "AWS_REQUEST_CHECKSUM_CALCULATION",
            "AWS_RESPONSE_CHECKSUM_VALIDATION",
            "AWS_DISABLE_REQUEST_COMPRESSION",
            "AWS_ACCOUNT_ID_ENDPOINT_MODE",
            "AWS_AUTH_SCHEME_PREFERENCE",
            "AWS_SIGV4A_SIGNING_REGION_SET",
            "AWS_SDK_UA_APP_ID")) {
      environment.put(name, "no such thing");
    }
    environment.put("AWS_ENDPOINT_URL", nowhere);
    environment.put("AWS_ENDPOINT_URL_S3", nowhere);
    requireAllAnswers(child);
  }

  @Test
  void systemPropertiesMadeForOthersChangeNothing() throws Exception {
    String port = Integer.toString(closedPort());
    requireAllAnswers(
        child(
            List.of(
                "-Dhttp.proxyHost=127.0.0.1",
                "-Dhttp.proxyPort=" + port,
                "-Dhttps.proxyHost=127.0.0.1",
                "-Dhttps.proxyPort=" + port,
                // By default loopback is left out.
                "-Dhttp.nonProxyHosts=",
                "-Djava.net.useSystemProxies=true",
                "-Daws.useFipsEndpoint=true",
                "-Daws.useDualstackEndpoint=true",
                "-Daws.maxAttempts=no",
                "-Daws.retryMode=no",
                "-Daws.defaultsMode=no",
                "-Daws.profile=nobody",
                "-Daws.region=no where",
                "-Daws.configFile=" + directory)));
  }

  private ProcessBuilder child(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Surroundings.class.getName());
    command.add(address().toString());
    command.add(keys.toString());
    command.add(cloud.address());
    command.add(cloud.certificate().toString());
    command.add(cloud.serviceAccountKey().toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile());
  }

  private void requireAllAnswers(ProcessBuilder child) throws Exception {
    Process process = child.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(directory.resolve("out"))
        .content()
        .contains("S3 answered", "endpoint answered Health[ready=true", "cloud answered STOPPED");
  }

  @Test
  void aProxyThatIsSetIsUsedForS3() throws Exception {
    try (CamelContext camel = new DefaultCamelContext()) {
      S3Component.configure(
          camel,
          S3Extension.settings(
              URI.create("http://s3.invalid"), S3Key.read(keys), Optional.of(address())));
      camel.start();
      new OutputVerifier(camel).verify(NOTHING, Instant.EPOCH);
    }
    assertThat(asked).isNotEmpty().allMatch(uri -> "s3.invalid".equals(uri.getHost()));
  }

  @Test
  void aProxyThatIsSetIsUsedForTheCloud() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      List<String> lines = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> refuse(proxy, lines));
      HostAndPort address = HostAndPort.parse("dataproc.invalid:443");
      YandexSettings config =
          new YandexSettings(
              address,
              address,
              address,
              Optional.empty(),
              new YandexCredentials.ServiceAccountKey(cloud.serviceAccountKey()),
              Duration.ofSeconds(10),
              Optional.of(new HostAndPort("127.0.0.1", proxy.getLocalPort())));
      try (YandexClusters clusters = YandexClusters.connect(config, Clock.systemUTC())) {
        assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> clusters.look("c9q1"));
      }
      assertThat(lines)
          .isNotEmpty()
          .allMatch(line -> line.startsWith("CONNECT dataproc.invalid:443"));
      proxy.close();
      refusing.get(20, TimeUnit.SECONDS);
    }
  }

  /** Says no to everybody, until the proxy is closed. */
  private static void refuse(ServerSocket proxy, List<String> lines) {
    while (!proxy.isClosed()) {
      try (Socket caller = proxy.accept()) {
        lines.add(
            new BufferedReader(
                    new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII))
                .readLine());
        caller
            .getOutputStream()
            .write("HTTP/1.1 503 Busy\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // Closed by the test, or by a caller that gave up.
      }
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
