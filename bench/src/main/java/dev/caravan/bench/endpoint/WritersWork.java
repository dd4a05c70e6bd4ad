package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Load;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** GET of states at a fixed rate while four batches write 10 MB of log a second each. */
final class WritersWork implements EndpointWork {
  private static final int WRITERS = 4;
  private static final int PER_SECOND = 500;
  private static final int CONNECTIONS = 8;
  private static final int KNOWN = 96;
  private static final Duration MARGIN = Duration.ofSeconds(15);
  private static final String WHAT = "GET state at 500/s beside 4 x 10 MB/s of log";
  private static final Metric P50 = new Metric("writers", WHAT + ", p50", "ms", new Goal.None());
  private static final Metric P99 =
      new Metric("writers", WHAT + ", p99", "ms", new Goal.AtMost(10));

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    List<BatchServer> servers = plan.servers("writers");
    try {
      EndpointPlan.start(servers);
      for (BatchServer server : servers) {
        server.fillUpTo(KNOWN);
        load(server, plan.warmUp());
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (BatchServer server : plan.inTurn(servers, round)) {
          measure(plan, server);
        }
      }
    } finally {
      EndpointPlan.close(servers);
    }
  }

  private static void measure(EndpointPlan plan, BatchServer server)
      throws IOException, InterruptedException {
    List<Integer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(server.submit(FakeSparkSubmit.pour(plan.time().plus(MARGIN).toSeconds())));
    }
    for (int writer : writers) {
      server.awaitState(writer, Set.of("running"));
    }
    Load load = load(server, plan.time());
    plan.add(P50, server, load.millis(50));
    plan.add(P99, server, load.millis(99));
    for (int writer : writers) {
      if (!server.state(writer).equals("running")) {
        throw new IllegalStateException("A writer ended before the load; nothing was measured.");
      }
      server.delete(writer);
    }
  }

  private static Load load(BatchServer server, Duration time)
      throws IOException, InterruptedException {
    return StatusCheck.all(
        server.driver(200).openLoop(CONNECTIONS, StateWork.calls(server), PER_SECOND, time));
  }
}
