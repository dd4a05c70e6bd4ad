package dev.caravan.bench.endpoint;

import dev.caravan.bench.load.Call;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.process.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our endpoint, as {@code ./caravan endpoint} starts it. */
final class CaravanServer extends BatchServer {
  static final String NAME = "ours";

  private static final Duration START = Duration.ofSeconds(60);
  private static final Call HELLO = Call.get("/version");

  private final int port = FreePort.find();
  private final List<ChildProcess> processes = new ArrayList<>();
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
  int port() {
    return port;
  }

  @Override
  long processId() {
    return processes.get(processes.size() - 1).pid();
  }

  @Override
  void launch() throws IOException, InterruptedException {
    ChildProcess process =
        ChildProcess.start(
            NAME,
            List.of(
                program.toString(),
                "--endpoint.port=" + port,
                "--endpoint.data-dir=" + directory().resolve("data"),
                "--endpoint.spark-submit=" + spark.program(),
                "--endpoint.allowed-files=local:/bench/",
                "--endpoint.master=local[1]",
                "--endpoint.max-running=4",
                "--endpoint.max-queued=2000"),
            Map.of(),
            directory().resolve("server.log"));
    processes.add(process);
    process.await("it answered", START, this::answer);
  }

  private Optional<Boolean> answer() {
    try {
      driver(200).closedLoop(1, () -> HELLO, START, 1);
      return Optional.of(true);
    } catch (IOException e) {
      return Optional.empty(); // not yet
    }
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
  }
}
