package dev.caravan.bench.endpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Our endpoint, as {@code ./caravan endpoint} starts it. */
final class CaravanServer extends BatchServer {
  static final String NAME = "ours";

  private final Path program;
  private final FakeSparkSubmit spark;

  /**
   * An endpoint that is not started yet.
   *
   * @param program the endpoint's launcher
   */
  CaravanServer(Path program, FakeSparkSubmit spark, Path directory) {
    super(directory);
    this.program = program;
    this.spark = spark;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<String> command() {
    return List.of(
        program.toString(),
        "--endpoint.port=" + port(),
        "--endpoint.data-dir=" + directory().resolve("data"),
        "--endpoint.spark-submit=" + spark.program(),
        "--endpoint.allowed-files=local:/bench/",
        "--endpoint.master=local[1]",
        "--endpoint.max-running=4",
        "--endpoint.max-queued=2000");
  }

  @Override
  Map<String, String> environment() {
    return Map.of();
  }
}
