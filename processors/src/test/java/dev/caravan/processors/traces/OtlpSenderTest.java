package dev.caravan.processors.traces;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import dev.caravan.processors.batches.Certified;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rest of it is seen by the packaged server, whose collector decodes what it gets. */
class OtlpSenderTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final TraceSpan SPAN =
      new TraceSpan(
          "b7ad6b7169203331",
          Optional.empty(),
          "session main",
          Instant.parse("2026-11-30T03:30:00Z"),
          Instant.parse("2026-11-30T03:50:00Z"),
          Map.of(),
          Optional.empty());

  @TempDir Path directory;
  private final AtomicInteger accepted = new AtomicInteger();
  private Certified certified;
  private HttpsServer collector;

  @BeforeEach
  void start() throws Exception {
    certified = Certified.forAddress("127.0.0.1");
    collector = certified.server();
    collector.createContext(
        "/v1/traces",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          accepted.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private Optional<OtlpSender.Failure> send(Optional<Path> caFile) {
    URI address =
        URI.create("https://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
    try (OtlpSender sender =
        OtlpSender.to(new TraceEndpoint(address, Optional.empty(), caFile), Optional.empty())) {
      return sender.send(TRACE, List.of(SPAN));
    }
  }

  @Test
  void collectorIsTrustedByTheAuthoritiesOfTheSettings() throws Exception {
    assertThat(send(Optional.of(certified.pem(directory)))).isEmpty();
    assertThat(accepted).hasValue(1);
  }

  @Test
  void nothingIsSentToAnother() throws Exception {
    Certified other = Certified.forAddress("127.0.0.1");
    for (Optional<Path> caFile :
        List.of(Optional.<Path>empty(), Optional.of(other.pem(directory)))) {
      assertThat(send(caFile))
          .hasValueSatisfying(
              failure -> {
                assertThat(failure.refused()).isFalse();
                assertThat(failure.words()).containsAnyOf("CertPath", "SignatureException");
              });
    }
    assertThat(accepted).hasValue(0);
  }
}
