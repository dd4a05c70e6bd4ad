package dev.caravan.shared.yandex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTokensTest {
  private static final String PATH = "/computeMetadata/v1/instance/service-accounts/default/token";

  private final FakeTime time = new FakeTime();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stopServer() {
    end.countDown();
    server.stop(0);
  }

  private MetadataTokens metadata(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            requests.add(exchange.getRequestURI().toString());
            handler.handle(exchange);
          }
        });
    return new MetadataTokens(address("/"), Duration.ofMillis(500), time);
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static void answer(HttpExchange exchange, int code, String body) throws IOException {
    exchange.sendResponseHeaders(code, 0);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
  }

  @Test
  void tokenOfTheMachine() {
    var metadata =
        metadata(
            exchange ->
                answer(
                    exchange,
                    "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"))
                        ? 200
                        : 403,
                    "{\"access_token\":\"t1.vm\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"));
    var token = metadata.fetch();
    assertThat(token.getToken()).isEqualTo("t1.vm");
    assertThat(token.getExpiresAt()).isEqualTo(time.instant().plusSeconds(3600));
    assertThat(requests).containsExactly(PATH);
  }

  @Test
  void machineWithoutAServiceAccount() {
    assertThatThrownBy(metadata(exchange -> answer(exchange, 404, "not found"))::fetch)
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("answers 404: not found")
        .hasMessageContaining("attach a service account");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void serverInTroubleMayRecover(int code) {
    assertThatThrownBy(metadata(exchange -> answer(exchange, code, "later"))::fetch)
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("answers " + code + ": later");
  }

  @Test
  void redirectIsNotFollowed() {
    var metadata =
        metadata(
            exchange -> {
              exchange.getResponseHeaders().set("Location", address("/elsewhere").toString());
              answer(exchange, 302, "");
            });
    assertThatThrownBy(metadata::fetch)
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("answers 302");
    assertThat(requests).containsExactly(PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t1.secret",
        "{\"access_token\": t1.secret",
        "{\"access_token\":\"t1.secret\"}",
        "{\"access_token\":\"\",\"expires_in\":5,\"more\":\"t1.secret\"}",
        "{\"access_token\":\"t1.secret\",\"expires_in\":1e30}"
      })
  void answerThatIsNoTokenIsNotQuoted(String body) {
    assertThatThrownBy(metadata(exchange -> answer(exchange, 200, body))::fetch)
        .isInstanceOf(FatalException.class)
        .hasMessageContaining("did not return a token")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void silentServerIsGivenUp() {
    var metadata =
        metadata(
            exchange -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThatThrownBy(metadata::fetch)
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("does not answer")
        .hasMessageContaining("timed out");
  }

  @Test
  void nobodyListens() {
    var metadata = new MetadataTokens(address(""), Duration.ofMillis(500), time);
    server.stop(0);
    assertThatThrownBy(metadata::fetch)
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("does not answer")
        .hasMessageContaining("only on a Yandex VM");
  }
}
