package dev.caravan.cloud.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.caravan.cloud.chaos.Disturbance.Line;
import dev.caravan.cloud.chaos.Strike.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyProxyTest {
  private final MessageCounter messages = new MessageCounter();
  private final AtomicInteger served = new AtomicInteger();
  private HttpServer server;
  private FaultyProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          served.incrementAndGet();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
    proxy =
        new FaultyProxy(
            Line.ORCHESTRATOR_TO_ENDPOINT, messages, "127.0.0.1", server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private String get(HttpClient client) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port()))
                .timeout(Duration.ofSeconds(2))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void passesAllUntilItFails() throws Exception {
    assertThat(get(HttpClient.newHttpClient())).isEqualTo("ok");
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyProxy.Fault.class,
      names = {"DROP", "RESET", "HALF_OPEN", "FREEZE"})
  void failsOldConnectionsAndNewOnesAndPassesAgainWhenMended(FaultyProxy.Fault fault)
      throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    get(client);
    proxy.fail(fault);

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(client));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> get(HttpClient.newHttpClient()))
        .satisfies(
            e ->
                assertThat(e instanceof HttpTimeoutException)
                    .as("hangs rather than ends")
                    .isEqualTo(
                        fault == FaultyProxy.Fault.HALF_OPEN || fault == FaultyProxy.Fault.FREEZE));

    proxy.mend();
    assertThat(get(HttpClient.newHttpClient())).isEqualTo("ok");
  }

  @Test
  void delays() throws Exception {
    proxy.fail(FaultyProxy.Fault.DELAY);
    long begin = System.nanoTime();

    assertThat(get(HttpClient.newHttpClient())).isEqualTo("ok");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void requestsOfAllConnectionsAreNumbered() throws Exception {
    HttpClient one = HttpClient.newHttpClient();
    get(one);
    get(HttpClient.newHttpClient());
    get(one);

    assertThat(messages.messages())
        .extracting(message -> message.number() + " " + message.request())
        .containsExactly("1 GET /", "2 GET /", "3 GET /");
  }

  /** No client repeats it by itself, as the JDK's does with a GET. */
  private void post() throws IOException, InterruptedException {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port()))
                .timeout(Duration.ofSeconds(2))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  @Test
  void messageThatIsStruckBeforeItPassesIsNeverServed() throws Exception {
    post();
    messages.arm(new Strike(2, Place.BEFORE), message -> false);

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);

    assertThat(messages.struck()).hasValueSatisfying(at -> assertThat(at.number()).isEqualTo(2));
    assertThat(served).hasValue(1);
  }

  @Test
  void answerThatIsStruckIsLostAfterTheMessageWasServed() {
    messages.arm(new Strike(1, Place.BEFORE_ANSWER), message -> false);

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);

    assertThat(messages.struck()).isPresent();
    assertThat(served).hasValue(1);
  }

  @Test
  void answerPassesBeforeTheStrikeAfterIt() throws Exception {
    messages.arm(new Strike(1, Place.AFTER_ANSWER), message -> false);

    assertThat(get(HttpClient.newHttpClient())).isEqualTo("ok");

    await().atMost(Duration.ofSeconds(5)).until(() -> messages.struck().isPresent());
  }
}
