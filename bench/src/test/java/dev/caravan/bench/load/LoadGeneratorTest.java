package dev.caravan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          int status = asked.incrementAndGet() % 10 == 0 ? 500 : 200;
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, 2);
          exchange.getResponseBody().write(new byte[2]);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private LoadGenerator driver() {
    return new LoadGenerator(server.getAddress().getPort(), 200);
  }

  @Test
  void aClosedLoopCountsAnswersAndTheWrongOnes() throws Exception {
    Load load = driver().closedLoop(4, () -> Call.post("/", "{}", "k"), LONG, 100);

    assertThat(load.latencies().getTotalCount()).isBetween(100L, 104L);
    assertThat(load.failures()).isBetween(10L, 11L);
    assertThat(load.perSecond()).isPositive();
  }

  @Test
  void anOpenLoopSendsAllThatIsDueAndNoMore() throws Exception {
    Load load = driver().openLoop(2, () -> Call.get("/"), 1000, Duration.ofMillis(200));

    assertThat(load.latencies().getTotalCount()).isEqualTo(200);
    assertThat(asked).hasValue(200);
    assertThat(load.took()).isGreaterThanOrEqualTo(Duration.ofMillis(199));
  }
}
