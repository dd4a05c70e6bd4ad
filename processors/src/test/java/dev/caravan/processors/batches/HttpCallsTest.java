package dev.caravan.processors.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caravan.shared.FatalException;
import dev.caravan.shared.RetryableException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the network can do to a call: slowness, floods, redirects. */
class HttpCallsTest {
  private static final EndpointCredentials CREDENTIALS =
      EndpointCredentials.basic("caravan", "s3cr3t");

  private static CamelContext camel;
  private static CamelContext hurriedCamel;
  private static HttpCalls calls;
  private static HttpCalls hurried;

  @BeforeAll
  static void startCamel() {
    camel = new DefaultCamelContext();
    camel.start();
    calls = new HttpCalls(camel, BatchClientConfig.of(CREDENTIALS, Optional.empty()));
    Duration brief = Duration.ofMillis(400);
    hurriedCamel = new DefaultCamelContext();
    hurriedCamel.start();
    hurried =
        new HttpCalls(
            hurriedCamel, new BatchClientConfig(CREDENTIALS, brief, brief, Optional.empty()));
  }

  @AfterAll
  static void stopCamel() throws Exception {
    calls.close();
    hurried.close();
    camel.close();
    hurriedCamel.close();
  }

  private static HttpReply get(URI base) {
    return get(calls, base);
  }

  private static HttpReply get(HttpCalls with, URI base) {
    return with.call("GET", base, "/batches", Map.of(), Optional.empty());
  }

  @Test
  void silentServerCostsTheResponseTimeout() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint()) {
      endpoint.answers(exchange -> await(done));
      long begin = System.nanoTime();

      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> get(hurried, endpoint.uri()))
          .withMessageContaining("gave no answer");

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
      done.countDown();
    }
  }

  @Test
  void drippingServerIsCutOffAtTheDeadline() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread drip = new Thread(() -> drip(server));
      drip.start();
      long begin = System.nanoTime();

      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> get(hurried, URI.create("http://127.0.0.1:" + server.getLocalPort())))
          .withMessageContaining("no complete response within 800 ms");

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      drip.join(5000);
      assertThat(drip.isAlive()).as("the connection was closed").isFalse();
    }
  }

  /** Sends a byte of a body every 50 ms for as long as anybody listens. */
  private static void drip(ServerSocket server) {
    CountDownLatch never = new CountDownLatch(1);
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes());
      while (true) {
        out.write('x');
        out.flush();
        never.await(50, TimeUnit.MILLISECONDS);
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, as it should.
    }
  }

  @Test
  void endlessAnswerIsDroppedUnread() throws Exception {
    CountDownLatch dropped = new CountDownLatch(1);
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint()) {
      endpoint.answers(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 16];
            try {
              while (true) {
                exchange.getResponseBody().write(block);
              }
            } catch (IOException e) {
              dropped.countDown();
            }
          });

      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> get(endpoint.uri()))
          .withMessageContaining("longer than 8388608 bytes");

      assertThat(dropped.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void connectionsAreUsedAgain() {
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint()) {
      endpoint.answers(
          exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            ScriptedEndpoint.reply(exchange, 200, "application/json", "{}");
          });
      for (int i = 0; i < 50; i++) {
        get(endpoint.uri());
      }
    }
    assertThat(ports).hasSizeLessThan(5);
  }

  @Test
  void packedAnswerDoesNotGrowBeyondTheBound() {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint()) {
      endpoint.answers(
          exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (GZIPOutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
              for (int i = 0; i < 20; i++) {
                out.write(new byte[1 << 20]);
              }
            }
          });

      assertThat(get(endpoint.uri()).body()).hasSizeLessThanOrEqualTo(8 * 1024 * 1024);
    }
  }

  @Test
  void redirectIsNotFollowedAndTheCredentialsStayHere() {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint();
        ScriptedEndpoint stranger = new ScriptedEndpoint()) {
      stranger.answers(200, "{}");
      endpoint.answers(
          exchange -> {
            exchange.getResponseHeaders().set("Location", stranger.uri() + "/batches");
            ScriptedEndpoint.reply(exchange, 307, "application/json", "");
          });

      assertThat(get(endpoint.uri()).status()).isEqualTo(307);
      assertThatExceptionOfType(FatalException.class)
          .isThrownBy(
              () -> {
                throw EndpointErrors.of("it", endpoint.uri(), get(endpoint.uri()));
              })
          .withMessageContaining("does not follow redirects");
      assertThat(endpoint.requests().get(0).headers())
          .containsEntry("authorization", "Basic Y2FyYXZhbjpzM2NyM3Q=");
      assertThat(stranger.requests()).isEmpty();
    }
  }

  @Test
  void cookiesAreNotKept() {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint()) {
      endpoint.answers(
          exchange -> {
            exchange.getResponseHeaders().set("Set-Cookie", "a=b; Path=/");
            ScriptedEndpoint.reply(exchange, 200, "application/json", "{}");
          });
      get(endpoint.uri());
      get(endpoint.uri());

      assertThat(endpoint.requests().get(1).headers()).doesNotContainKey("cookie");
    }
  }

  @Test
  void serverThatSpeaksNoHttpIsRetryable() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread speaker =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  // The client has gone.
                }
              });
      speaker.start();

      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> get(URI.create("http://127.0.0.1:" + server.getLocalPort())));
      speaker.join(5000);
    }
  }

  @Test
  void eachClientOfAContextHasItsOwnCredentials() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint();
        HttpCalls other =
            new HttpCalls(
                camel,
                BatchClientConfig.of(
                    EndpointCredentials.basic("second", "other"), Optional.empty()))) {
      endpoint.answers(200, "{}");
      get(calls, endpoint.uri());
      get(other, endpoint.uri());
      get(calls, endpoint.uri());

      List<String> sent =
          endpoint.requests().stream()
              .map(request -> request.headers().get("authorization"))
              .toList();
      assertThat(sent.get(0)).isEqualTo(sent.get(2)).isNotEqualTo(sent.get(1));
      assertThat(sent.get(1))
          .isEqualTo(
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("second:other".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void await(CountDownLatch done) {
    try {
      done.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
