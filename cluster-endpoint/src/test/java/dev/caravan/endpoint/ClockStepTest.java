package dev.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock is set while batches run: nothing gets shorter or longer by it. */
@Tag("slow")
class ClockStepTest {
  @TempDir Path directory;
  private final SteppedClock clock = new SteppedClock();

  /** The machine's clock with a step that a test makes. */
  private static final class SteppedClock extends Clock {
    private final AtomicReference<Duration> step = new AtomicReference<>(Duration.ZERO);

    void step(Duration by) {
      step.updateAndGet(by::plus);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(step.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void aStepAheadKillsNothing() throws Exception {
    try (TestEndpoint endpoint = TestEndpoint.start(clock, directory)) {
      Client client = endpoint.client();
      String running = client.submit("stay");
      client.awaitState(running, "running");

      clock.step(Duration.ofHours(7)); // the limit is 6 h

      // The same look that sees the second one end looks at the first one.
      client.awaitState(client.submit("exit 0"), "success");
      assertThat(client.state(running)).isEqualTo("running");
      assertThat(Instant.parse(client.get("/batches/2").json().path("endedAt").asText()))
          .isAfter(Instant.now().plus(Duration.ofHours(6))); // people are told what the clock says
    }
  }

  @Test
  void aStepBackProlongsNeitherABatchNorItsMemory() throws Exception {
    try (TestEndpoint endpoint =
        TestEndpoint.start(
            clock, directory, "endpoint.batch-timeout", "1s", "endpoint.keep-finished", "1s")) {
      Client client = endpoint.client();
      String id = client.submit("stay");
      await().atMost(Duration.ofSeconds(20)).until(() -> !client.state(id).equals("starting"));

      clock.step(Duration.ofDays(-1));

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.get("/batches/" + id).status() == 404);
    }
  }

  @Test
  void onlyARestartGoesByDates() throws Exception {
    String id;
    try (TestEndpoint endpoint =
        TestEndpoint.start(clock, directory, "endpoint.on-stop", "leave")) {
      id = endpoint.client().submit("stay");
      endpoint.client().awaitState(id, "running");
    }
    clock.step(Duration.ofHours(7));
    try (TestEndpoint endpoint = TestEndpoint.start(clock, directory)) {
      endpoint.client().awaitState(id, "killed");
    }
  }
}
