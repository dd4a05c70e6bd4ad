package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Load;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** POST of batches, one after the other, until each 201; ours has the key on disk by then. */
final class PostWork implements EndpointWork {
  private static final int WARM_UP = 400;
  private static final int COUNT = 100;
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final Metric P50 =
      new Metric("post", "POST to 201, median", "ms", new Goal.AtMostTimes(1));
  private static final Metric P99 = new Metric("post", "POST to 201, p99", "ms", new Goal.None());
  private static final Metric COST =
      new Metric("post", "POST and the batch's life, CPU each", "ms", new Goal.None());

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    List<BatchServer> servers = plan.servers("post");
    try {
      EndpointPlan.start(servers);
      for (BatchServer server : servers) {
        post(server, WARM_UP);
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (BatchServer server : plan.inTurn(servers, round)) {
          double before = server.processorSeconds();
          Load load = post(server, COUNT);
          plan.add(COST, server, (server.processorSeconds() - before) * 1e3 / COUNT);
          plan.add(P50, server, load.millis(50));
          plan.add(P99, server, load.millis(99));
        }
      }
    } finally {
      EndpointPlan.close(servers);
    }
  }

  private static Load post(BatchServer server, int count) throws IOException, InterruptedException {
    Load load =
        StatusCheck.all(
            server
                .driver(201)
                .closedLoop(1, () -> server.submission(FakeSparkSubmit.END), BOUND, count));
    for (int batch : server.batches()) {
      server.awaitEnd(batch);
    }
    return load;
  }
}
