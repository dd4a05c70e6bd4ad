package dev.caravan.shared.yandex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.MutableClock;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VmTokenTest {
  private HttpServer server;
  private int status = 200;
  private String body = "";
  private int asked;
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-22T00:00:00Z"));
  private VmToken token;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/computeMetadata/v1/instance/service-accounts/default/token",
        exchange -> {
          try (exchange) {
            asked++;
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    token = new VmToken(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), clock);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void gives(String value) {
    body = "{\"access_token\":\"" + value + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}";
  }

  @Test
  void isKeptForHalfItsLifeAndThenRenewed() {
    gives("first");
    assertThat(token.get()).isEqualTo("first");
    clock.pass(Duration.ofMinutes(29));
    gives("second");
    assertThat(token.get()).isEqualTo("first");
    assertThat(asked).isEqualTo(1);
    clock.pass(Duration.ofMinutes(1));
    assertThat(token.get()).isEqualTo("second");
  }

  @Test
  void isUsedToItsEndWhenNoOtherCanBeHad() {
    gives("first");
    token.get();
    status = 500;
    clock.pass(Duration.ofMinutes(59));
    assertThat(token.get()).isEqualTo("first");
    clock.pass(Duration.ofMinutes(1));
    assertThatExceptionOfType(RetryableException.class)
        .isThrownBy(token::get)
        .withMessageContaining("answers 500");
  }

  @Test
  void whatIsNoTokenIsNotQuoted() {
    for (String wrong :
        new String[] {"secret words", "{\"access_token\":\"sec ret\",\"expires_in\":9}", "{}"}) {
      body = wrong;
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(token::get)
          .satisfies(e -> assertThat(e.toString()).doesNotContain("sec"));
    }
  }
}
