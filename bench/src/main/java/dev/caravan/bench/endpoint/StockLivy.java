package dev.caravan.bench.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

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

  /**
   * A Livy that is not started yet.
   *
   * @param home holds its jars in {@code lib}
   * @param keptLines of each batch's log ({@code livy.cache-log.size}); 200 by default
   */
  StockLivy(Path home, FakeSparkSubmit spark, Path directory, int keptLines) {
    super(directory);
    this.home = home;
    this.spark = spark;
    this.keptLines = keptLines;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<String> command() throws IOException {
    Path conf = Files.createDirectories(directory().resolve("conf"));
    Files.writeString(
        conf.resolve("livy.conf"),
        """
        livy.server.host = 127.0.0.1
        livy.server.port = %d
        livy.spark.master = local[1]
        livy.server.session.state-retain.sec = 1d
        livy.cache-log.size = %d
        """
            .formatted(port(), keptLines));
    Files.writeString(
        conf.resolve("log4j.properties"),
        """
        log4j.rootCategory=INFO, console
        log4j.appender.console=org.apache.log4j.ConsoleAppender
        log4j.appender.console.layout=org.apache.log4j.PatternLayout
        log4j.appender.console.layout.ConversionPattern=%d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n
        """);
    silenceRequestLog();
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        home.toAbsolutePath() + "/lib/*:" + conf.toAbsolutePath(),
        "org.apache.livy.server.LivyServer");
  }

  private void silenceRequestLog() throws IOException {
    Path logs = Files.createDirectories(directory().resolve("logs"));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (LocalDate day : List.of(today.minusDays(1), today, today.plusDays(1))) {
      Path log = logs.resolve(day.format(REQUEST_LOG));
      if (!Files.exists(log)) {
        Files.createSymbolicLink(log, Path.of("/dev/null"));
      }
    }
  }

  @Override
  Map<String, String> environment() {
    return Map.of(
        "LIVY_CONF_DIR", directory().resolve("conf").toAbsolutePath().toString(),
        "LIVY_LOG_DIR", directory().resolve("logs").toAbsolutePath().toString(),
        "SPARK_HOME", spark.home().toAbsolutePath().toString());
  }
}
