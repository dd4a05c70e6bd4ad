package dev.caravan.bench.endpoint;

import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code kill -9} of the server while batches run, and a start on the same files. */
final class RestartWork implements EndpointWork {
  private static final int BATCHES = 3;
  private static final Metric SEEN =
      new Metric("restart", "of 3 running: still running after", "", new Goal.AtLeast(BATCHES));
  private static final Metric ENDED =
      new Metric("restart", "of 3 running: seen to end well", "", new Goal.AtLeast(BATCHES));

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      for (BatchServer server : plan.servers("restart-" + round)) {
        try (server) {
          measure(plan, server);
        }
      }
    }
  }

  private static void measure(EndpointPlan plan, BatchServer server)
      throws IOException, InterruptedException {
    server.start();
    Path go = server.directory().resolve("go");
    List<Integer> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(server.submit(FakeSparkSubmit.await(go)));
    }
    for (int batch : batches) {
      server.awaitState(batch, Set.of("running"));
    }
    server.crash();
    server.start();
    int seen = 0;
    for (int batch : batches) {
      seen += server.state(batch).equals("running") ? 1 : 0;
    }
    plan.add(SEEN, server, seen);
    Files.createFile(go);
    int ended = 0;
    for (int batch : batches) {
      if (!server.state(batch).isEmpty()) {
        server.awaitEnd(batch);
        ended += server.state(batch).equals("success") ? 1 : 0;
      }
    }
    plan.add(ENDED, server, ended);
  }
}
