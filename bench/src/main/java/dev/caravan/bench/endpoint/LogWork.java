package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Call;
import dev.caravan.bench.load.Load;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pages of 100 lines of a log of 1,000,000, of which Livy is told to keep all. */
final class LogWork implements EndpointWork {
  private static final int LINES = 1_000_000;
  private static final int WARM_UP = 50;
  private static final int COUNT = 100;
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final double TEN_TIMES_FASTER = 0.1;
  private static final Map<String, String> PAGES = new LinkedHashMap<>();

  static {
    PAGES.put("head", "?from=0&size=100");
    PAGES.put("middle", "?from=500000&size=100");
    PAGES.put("tail", "?from=-1&size=100");
  }

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    List<BatchServer> servers = plan.servers("log", LINES + 1000);
    try {
      EndpointPlan.start(servers);
      Map<BatchServer, Integer> batches = new LinkedHashMap<>();
      for (BatchServer server : servers) {
        int batch = server.submit(FakeSparkSubmit.lines(LINES));
        batches.put(server, batch);
        server.awaitEnd(batch);
        plan.add(
            new Metric("log", "lines kept of 1,000,000", "", new Goal.AtLeast(LINES)),
            server,
            server.get("/batches/" + batch + "/log?size=1").path("total").asLong());
        for (String query : PAGES.values()) {
          load(server, batch, query, WARM_UP);
        }
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (BatchServer server : plan.inTurn(servers, round)) {
          measure(plan, server, batches.get(server));
        }
      }
    } finally {
      EndpointPlan.close(servers);
    }
  }

  private static void measure(EndpointPlan plan, BatchServer server, int batch) throws IOException {
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      String what = "page of 100 at the " + page.getKey();
      Load load = load(server, batch, page.getValue(), COUNT);
      plan.add(
          new Metric("log", what + ", median", "ms", new Goal.AtMostTimes(TEN_TIMES_FASTER)),
          server,
          load.millis(50));
      plan.add(new Metric("log", what + ", p99", "ms", new Goal.None()), server, load.millis(99));
    }
  }

  private static Load load(BatchServer server, int batch, String query, int count)
      throws IOException {
    Call call = Call.get("/batches/" + batch + "/log" + query);
    return StatusCheck.all(server.driver(200).closedLoop(1, () -> call, BOUND, count));
  }
}
