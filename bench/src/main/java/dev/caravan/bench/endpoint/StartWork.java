package dev.caravan.bench.endpoint;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;

/**
 * From the start of the process to the first 200; the first round is dropped, it reads the disk.
 */
final class StartWork implements EndpointWork {
  private static final Metric FIRST =
      new Metric("start", "start to first 200", "s", new Goal.AtMostTimes(1));

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round <= plan.rounds(); round++) {
      for (BatchServer server : plan.inTurn(plan.servers("start-" + round), round)) {
        try (server) {
          double seconds = server.start().toNanos() / 1e9;
          if (round > 0) {
            plan.add(FIRST, server, seconds);
          }
        }
      }
    }
  }
}
