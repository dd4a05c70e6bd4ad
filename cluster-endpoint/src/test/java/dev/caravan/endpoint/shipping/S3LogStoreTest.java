package dev.caravan.endpoint.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.endpoint.settings.ShippingSettings;
import dev.caravan.shared.s3.S3Key;
import dev.caravan.shared.s3.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An S3 that doesn't answer: every call ends all the same. */
class S3LogStoreTest {
  private static final URI OBJECT = URI.create("s3://logs/a/stdout/000000000000");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static S3LogStore store(int port) {
    return store(URI.create("http://127.0.0.1:" + port), Optional.empty());
  }

  private static S3LogStore store(URI server, Optional<URI> proxy) {
    return new S3LogStore(
        new ShippingSettings(
            URI.create("s3://logs/"),
            new S3Settings(
                server,
                "ru-central1",
                true,
                Optional.of(new S3Key("id", "very-secret")),
                Duration.ofMillis(500),
                proxy),
            server,
            Duration.ofSeconds(1)),
        Clock.systemUTC());
  }

  private Path large() throws IOException {
    return Files.write(directory.resolve("large"), new byte[8 * 1024 * 1024]);
  }

  @Test
  void oneThatTakesConnectionsAndReadsNothingIsGivenUp() throws Exception {
    Path large = large();
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        S3LogStore store = store(deaf.getLocalPort())) {
      LogStoreException failure =
          assertTimeoutPreemptively(
              PATIENCE,
              () ->
                  catchThrowableOfType(
                      LogStoreException.class,
                      () -> store.put(OBJECT, large, 0, Files.size(large))));

      assertThat(failure.answered()).isFalse();
      assertThat(failure).hasMessageContaining("no answer from S3").hasMessageContaining("s3://");
      assertThat(failure.toString()).doesNotContain("very-secret");
    }
  }

  @Test
  void oneThatIsNotThereIsSaid() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    try (S3LogStore store = store(port)) {
      LogStoreException failure =
          catchThrowableOfType(
              LogStoreException.class, () -> store.putJson(OBJECT, new byte[] {'{', '}'}));

      assertThat(failure.answered()).isFalse();
      assertThat(failure).hasMessageContaining("ConnectException");
    }
  }

  /** System properties stand for the variables: the SDK takes either, and these a test can set. */
  @Test
  void theMachinesAwsSetUpIsNotForUsAndAProxyIsASetting() throws Exception {
    Path broken = Files.writeString(directory.resolve("config"), "[broken\n");
    Map<String, String> madeForOthers =
        Map.of(
            "aws.configFile", broken.toString(),
            "aws.useFipsEndpoint", "true",
            "aws.useDualstackEndpoint", "true",
            "aws.maxAttempts", "no number",
            "aws.defaultsMode", "none",
            "aws.disableRequestCompression", "perhaps",
            "aws.profile", "nobody",
            "http.proxyHost", "127.0.0.1",
            "http.proxyPort", "9");
    List<URI> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI());
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    madeForOthers.forEach(System::setProperty);
    try (S3LogStore direct = store(address, Optional.empty());
        S3LogStore proxied = store(URI.create("http://s3.invalid"), Optional.of(address))) {
      direct.putJson(OBJECT, new byte[] {'{', '}'});
      proxied.putJson(OBJECT, new byte[] {'{', '}'});
    } finally {
      madeForOthers.keySet().forEach(System::clearProperty);
      server.stop(0);
    }
    assertThat(asked)
        .containsExactly(
            URI.create("/logs/a/stdout/000000000000"),
            URI.create("http://s3.invalid/logs/a/stdout/000000000000"));
  }
}
