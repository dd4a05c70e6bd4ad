package dev.caravan.bench.endpoint;

import dev.caravan.cloud.livy.LivyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stock Livy with its own defaults, but for what the comparison needs: finished batches are kept
 * for a day and not for ten minutes, and the request log, which can't be switched off, goes to
 * {@code /dev/null}.
 */
final class StockLivy extends BatchServer {
  static final String NAME = "Livy";

  private static final DateTimeFormatter REQUEST_LOG =
      DateTimeFormatter.ofPattern("yyyy_MM_dd'.request.log'");

  private final Path home;
  private final FakeSparkSubmit spark;
  private final int keptLines;
  private Optional<LivyServer> server = Optional.empty();

  /**
   * A Livy that is not started yet.
   *
   * @param home holds its jars in {@code lib}
   * @param keptLines of each batch's log ({@code livy.cache-log.size}); 200 by default
   */
  StockLivy(Path home, FakeSparkSubmit spark, Path directory, int keptLines) {
    super(directory);
    this.home = home.toAbsolutePath();
    this.spark = spark;
    this.keptLines = keptLines;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  int port() {
    return server.orElseThrow().uri().getPort();
  }

  @Override
  long processId() {
    return server.orElseThrow().pid();
  }

  @Override
  void launch() throws IOException, InterruptedException {
    if (server.isPresent()) {
      server.get().restart();
      return;
    }
    silenceRequestLog();
    Map<String, String> settings =
        Map.of(
            "livy.server.session.state-retain.sec",
            "1d",
            "livy.cache-log.size",
            Integer.toString(keptLines));
    server = Optional.of(LivyServer.start(home, spark.home(), directory(), settings, List.of()));
  }

  private void silenceRequestLog() throws IOException {
    Path logs = Files.createDirectories(directory().resolve("requests"));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (LocalDate day : List.of(today.minusDays(1), today, today.plusDays(1))) {
      Files.createSymbolicLink(logs.resolve(day.format(REQUEST_LOG)), Path.of("/dev/null"));
    }
  }

  @Override
  public void close() {
    server.ifPresent(LivyServer::close);
  }
}
