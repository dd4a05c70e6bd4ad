package dev.caravan.bench.endpoint;

import dev.caravan.bench.results.Metric;
import dev.caravan.bench.results.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What all rows of one run share: how often and how long, which programs, where the values go.
 *
 * @param endpoint launcher of our endpoint
 * @param livyHome empty if ours is measured alone
 * @param time of one round of one load
 * @param warmUp time of the load before the first round
 */
record EndpointPlan(
    Path endpoint,
    Optional<Path> livyHome,
    Path directory,
    FakeSparkSubmit spark,
    int rounds,
    Duration time,
    Duration warmUp,
    Results results) {

  private static final int LINES_BY_DEFAULT = 200;

  /** Fresh servers, not started, with Livy's own defaults. */
  List<BatchServer> servers(String name) {
    return servers(name, LINES_BY_DEFAULT);
  }

  /** The same, of which Livy keeps that many lines of each log. */
  List<BatchServer> servers(String name, int keptLines) {
    Path work = directory.resolve(name);
    List<BatchServer> servers = new ArrayList<>();
    servers.add(new CaravanServer(endpoint, spark, work.resolve("ours")));
    livyHome.ifPresent(
        home -> servers.add(new StockLivy(home, spark, work.resolve("livy"), keptLines)));
    return servers;
  }

  /** Each round begins with another server. */
  List<BatchServer> inTurn(List<BatchServer> servers, int round) {
    List<BatchServer> turn = new ArrayList<>(servers);
    Collections.rotate(turn, round);
    return turn;
  }

  void say(String text) {
    System.err.println("bench: " + text);
  }

  void add(Metric metric, BatchServer server, double value) {
    results.add(metric, server.name(), value);
    say(
        "%s, %s: %s %.2f %s"
            .formatted(metric.work(), metric.what(), server.name(), value, metric.unit()));
  }

  static void close(List<BatchServer> servers) {
    servers.forEach(BatchServer::close);
  }

  static void start(List<BatchServer> servers) throws IOException, InterruptedException {
    for (BatchServer server : servers) {
      server.start();
    }
  }
}
