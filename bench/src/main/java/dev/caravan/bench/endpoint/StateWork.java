package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Call;
import dev.caravan.bench.load.Load;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * GET of states from eight connections, as fast as they go, with 100 and with 1,000 batches known.
 */
final class StateWork implements EndpointWork {
  private static final int CONNECTIONS = 8;
  private static final int WARM = 150_000;
  private static final int MAX_WARM_UPS = 6;

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    List<BatchServer> servers = plan.servers("state");
    try {
      EndpointPlan.start(servers);
      measure(plan, servers, 100);
      measure(plan, servers, 1000);
    } finally {
      EndpointPlan.close(servers);
    }
  }

  private static void measure(EndpointPlan plan, List<BatchServer> servers, int known)
      throws IOException, InterruptedException {
    String what = "GET state, %d connections, %,d known".formatted(CONNECTIONS, known);
    Metric perSecond = new Metric("state", what, "1/s", new Goal.AtLeastTimes(1));
    Metric p50 = new Metric("state", what + ", p50", "ms", new Goal.None());
    Metric p99 = new Metric("state", what + ", p99", "ms", new Goal.AtMostTimes(1));
    Metric cost = new Metric("state", what + ", CPU each", "us", new Goal.None());
    for (BatchServer server : servers) {
      plan.say(server.name() + ": filling up to " + known + " batches, warming up");
      server.fillUpTo(known);
      warmUp(plan, server);
    }
    for (int round = 0; round < plan.rounds(); round++) {
      for (BatchServer server : plan.inTurn(servers, round)) {
        double before = server.processorSeconds();
        Load load = load(server, plan.time());
        double spent = server.processorSeconds() - before;
        plan.add(perSecond, server, load.perSecond());
        plan.add(p50, server, load.millis(50));
        plan.add(p99, server, load.millis(99));
        plan.add(cost, server, spent * 1e6 / load.latencies().getTotalCount());
      }
    }
  }

  /** On a busy machine the time alone may be too short for the compilers. */
  private static void warmUp(EndpointPlan plan, BatchServer server)
      throws IOException, InterruptedException {
    long answers = 0;
    for (int i = 0; i < MAX_WARM_UPS && answers < WARM; i++) {
      answers += load(server, plan.warmUp()).latencies().getTotalCount();
    }
  }

  private static Load load(BatchServer server, Duration time)
      throws IOException, InterruptedException {
    return StatusCheck.all(
        server.driver(200).closedLoop(CONNECTIONS, calls(server), time, Long.MAX_VALUE));
  }

  /** One batch after the other. */
  static Supplier<Call> calls(BatchServer server) throws IOException, InterruptedException {
    List<Call> calls =
        server.batches().stream().map(id -> Call.get("/batches/" + id + "/state")).toList();
    return Stream.generate(calls::stream).flatMap(all -> all).iterator()::next;
  }
}
