package dev.caravan.endpoint.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.caravan.endpoint.settings.ShippingSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An S3 that doesn't answer: every call ends all the same. */
class S3LogStoreTest {
  private static final URI OBJECT = URI.create("s3://logs/a/stdout/000000000000");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static S3LogStore store(int port) {
    URI server = URI.create("http://127.0.0.1:" + port);
    return new S3LogStore(
        new ShippingSettings(
            URI.create("s3://logs/"),
            server,
            "ru-central1",
            true,
            Optional.of(new ShippingSettings.Key("id", "very-secret")),
            server,
            Duration.ofSeconds(1),
            Duration.ofMillis(500)),
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
}
