package dev.caravan.bench.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The metrics from Spark's event log.
 *
 * @param shuffleBytes written for other tasks to read
 * @param spillBytes written to disk because memory was insufficient
 * @param rowsRead from files
 * @param cpu processor time of the tasks that write no file
 * @param writing that of those that do
 * @param rowsWritten to files
 */
record SparkMetrics(
    long jobs,
    long tasks,
    long shuffleBytes,
    long spillBytes,
    long rowsRead,
    Duration cpu,
    Duration writing,
    long rowsWritten) {

  static final SparkMetrics NONE = new SparkMetrics(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0);
  private static final SparkMetrics ONE_JOB =
      new SparkMetrics(1, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Sums up an event log, also one that breaks off. */
  static SparkMetrics of(Path eventLog) throws IOException {
    SparkMetrics sum = NONE;
    try (BufferedReader lines = Files.newBufferedReader(eventLog)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{\"Event\":\"SparkListenerJobStart\"")) {
          sum = sum.plus(ONE_JOB);
        } else if (line.startsWith("{\"Event\":\"SparkListenerTaskEnd\"") && line.endsWith("}")) {
          sum = sum.plus(ofTask(JSON.readTree(line).path("Task Metrics")));
        }
      }
    }
    return sum;
  }

  private static SparkMetrics ofTask(JsonNode metrics) {
    Duration cpu = Duration.ofNanos(metrics.path("Executor CPU Time").asLong());
    long written = metrics.path("Output Metrics").path("Records Written").asLong();
    return new SparkMetrics(
        0,
        1,
        metrics.path("Shuffle Write Metrics").path("Shuffle Bytes Written").asLong(),
        metrics.path("Disk Bytes Spilled").asLong(),
        metrics.path("Input Metrics").path("Records Read").asLong(),
        written == 0 ? cpu : Duration.ZERO,
        written == 0 ? Duration.ZERO : cpu,
        written);
  }

  SparkMetrics plus(SparkMetrics other) {
    return new SparkMetrics(
        jobs + other.jobs,
        tasks + other.tasks,
        shuffleBytes + other.shuffleBytes,
        spillBytes + other.spillBytes,
        rowsRead + other.rowsRead,
        cpu.plus(other.cpu),
        writing.plus(other.writing),
        rowsWritten + other.rowsWritten);
  }
}
