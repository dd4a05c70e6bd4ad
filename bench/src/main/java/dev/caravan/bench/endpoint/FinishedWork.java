package dev.caravan.bench.endpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.bench.results.Goal;
import dev.caravan.bench.results.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A start of our endpoint, to its first 200, on the files of 20,000 finished batches: one real
 * batch and copies of it under other numbers. The first start after the copying indexes them, and
 * is not counted. Stock Livy keeps no batch over a restart.
 */
final class FinishedWork implements EndpointWork {
  private static final int BATCHES = 20_000;
  private static final String RECORD = "request.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Metric FIRST =
      new Metric("finished", "start to first 200, 20,000 finished", "s", new Goal.AtMost(3));

  @Override
  public void measure(EndpointPlan plan) throws IOException, InterruptedException {
    try (BatchServer server = plan.servers("finished").get(0)) {
      server.start();
      server.awaitEnd(server.submit(FakeSparkSubmit.END));
      server.crash();
      plan.say("copying the files of a finished batch");
      copy(server.directory().resolve("data/batches"));
      server.start();
      for (int round = 0; round < plan.rounds(); round++) {
        server.crash();
        plan.add(FIRST, server, server.start().toNanos() / 1e9);
      }
    }
  }

  private static void copy(Path batches) throws IOException {
    Path first = batches.resolve("000001");
    List<Path> files;
    try (Stream<Path> all = Files.list(first)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    ObjectNode record = (ObjectNode) JSON.readTree(first.resolve(RECORD).toFile());
    String tag = record.path("tag").textValue();
    for (int id = 2; id <= BATCHES; id++) {
      Path copy = Files.createDirectory(batches.resolve("%06d".formatted(id)));
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
      record.put("id", id).put("tag", tag + id);
      Files.write(copy.resolve(RECORD), JSON.writeValueAsBytes(record));
    }
  }
}
