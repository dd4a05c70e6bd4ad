package dev.caravan.bench.endpoint;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Resident memory over a life: idle, after 1, 100 and 1,000 batches, and in another life after 100
 * MB of output, of which Livy is told to keep all.
 */
final class MemoryWork implements EndpointWork {
  private static final int OUTPUT_LINES = 1_220_000;
  private static final long SETTLE_SECONDS = 5;
  private static final double MANY_TO_ONE = 1.2;
  private static final double A_FIFTH = 0.2;
  private static final Metric IDLE =
      new Metric("memory", "RSS idle", "MB", new Goal.AtMostTimes(1));
  private static final Metric ONE =
      new Metric("memory", "RSS after 1 batch", "MB", new Goal.None());
  private static final Metric HUNDRED =
      new Metric("memory", "RSS after 100 batches", "MB", new Goal.AtMostTimes(1));
  private static final Metric THOUSAND =
      new Metric("memory", "RSS after 1,000 batches", "MB", new Goal.None());
  private static final Metric GROWTH =
      new Metric("memory", "RSS after 1,000 / after 1", "x", new Goal.AtMost(MANY_TO_ONE));
  private static final Metric OUTPUT =
      new Metric("memory", "RSS after 100 MB of output", "MB", new Goal.AtMostTimes(A_FIFTH));

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      for (BatchServer server : plan.servers("memory-" + round)) {
        try (server) {
          batches(plan, server);
        }
      }
      for (BatchServer server : plan.servers("output-" + round, 2 * OUTPUT_LINES)) {
        try (server) {
          output(plan, server);
        }
      }
    }
  }

  private static void batches(EndpointPlan plan, BatchServer server)
      throws IOException, InterruptedException {
    server.start();
    plan.add(IDLE, server, settled(server));
    server.fillUpTo(1);
    double one = settled(server);
    plan.add(ONE, server, one);
    server.fillUpTo(100);
    plan.add(HUNDRED, server, settled(server));
    server.fillUpTo(1000);
    double thousand = settled(server);
    plan.add(THOUSAND, server, thousand);
    plan.add(GROWTH, server, thousand / one);
  }

  private static void output(EndpointPlan plan, BatchServer server)
      throws IOException, InterruptedException {
    server.start();
    int batch = server.submit(FakeSparkSubmit.lines(OUTPUT_LINES));
    server.awaitEnd(batch);
    if (server.get("/batches/" + batch + "/log?size=100").path("log").size() < 100) {
      throw new IllegalStateException(server.name() + " kept too little of the log.");
    }
    plan.add(OUTPUT, server, settled(server));
  }

  /** What a moment of rest leaves: the threads of the start and the compilers are done. */
  private static double settled(BatchServer server) throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    return server.residentMegabytes();
  }
}
