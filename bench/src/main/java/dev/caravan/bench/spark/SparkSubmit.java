package dev.caravan.bench.spark;

import dev.caravan.bench.results.ChildrenTime;
import dev.caravan.cloud.cluster.SparkDefaults;
import dev.caravan.cloud.process.ChildProcess;
import dev.caravan.cloud.s3.S3Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs {@code spark-submit} with Spark's own defaults, but for what it is told, and takes its
 * measure.
 */
final class SparkSubmit {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Path home;
  private final S3Access s3;
  private final Path directory;
  private final Map<String, String> conf;
  private final Duration bound;
  private int runs;

  /**
   * Runs nothing yet.
   *
   * @param conf of every application
   * @param bound what has not ended by then is ended
   */
  SparkSubmit(Path home, S3Access s3, Path directory, Map<String, String> conf, Duration bound) {
    this.home = home;
    this.s3 = s3;
    this.directory = directory;
    this.conf = Map.copyOf(conf);
    this.bound = bound;
  }

  /**
   * Runs an application.
   *
   * @param memory of the driver, {@code 2g}
   * @throws IllegalStateException with the last lines of its log if it ends with another exit code
   *     than 0
   */
  ProcessCost run(String name, Path jar, String memory, List<String> words)
      throws IOException, InterruptedException {
    Path own = Files.createDirectories(directory.resolve("%03d-%s".formatted(++runs, name)));
    Path events = Files.createDirectories(own.resolve("events"));
    Map<String, String> all = new HashMap<>(conf);
    all.put("spark.driver.memory", memory);
    all.put("spark.eventLog.enabled", "true");
    all.put("spark.eventLog.dir", events.toUri().toString());
    Path folder = SparkDefaults.write(own, s3, all);
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/spark-submit").toString());
    command.add(jar.toString());
    command.addAll(words);
    ChildrenTime children = ChildrenTime.now();
    long begin = System.nanoTime();
    ChildProcess process =
        ChildProcess.start(
            name, command, Map.of("SPARK_CONF_DIR", folder.toString()), own.resolve("log"));
    try (process) {
      PeakMemory peak = new PeakMemory(process.pid());
      Optional<Integer> exit = Optional.empty();
      while (exit.isEmpty() && System.nanoTime() - begin < bound.toNanos()) {
        peak.look();
        exit = process.exitCode(LOOK);
      }
      Duration wall = Duration.ofNanos(System.nanoTime() - begin);
      process.close();
      if (exit.isPresent() && exit.get() != 0) {
        throw new IllegalStateException(
            name
                + " ended with exit code "
                + exit.get()
                + "; its log ends:\n"
                + process.lastLines());
      }
      return new ProcessCost(
          exit.isPresent(),
          wall,
          children.since(),
          peak.bytes(),
          SparkMetrics.of(onlyFile(events)));
    }
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .findFirst()
          .orElseThrow(() -> new IOException("There is no event log in " + folder));
    }
  }
}
