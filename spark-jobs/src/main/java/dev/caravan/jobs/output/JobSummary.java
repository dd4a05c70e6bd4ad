package dev.caravan.jobs.output;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventType;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of one datamart, gathered while it is made. For one thread. */
public final class JobSummary {
  private static final String ROWS_READ = "rowsRead";
  private static final String ROWS_DROPPED = "rowsDropped";
  private static final String PARTITIONS_READ = "partitionsRead";
  private static final String PARTITIONS_MISSING = "partitionsMissing";

  private final String job;
  private final DateWindow window;
  private final Map<String, Map<String, Object>> inputs = new LinkedHashMap<>();
  private final Map<String, Object> output = new LinkedHashMap<>();
  private final Map<String, Object> seconds = new LinkedHashMap<>();
  private Map<String, Object> spark = new LinkedHashMap<>();
  private ExitCode exitCode = ExitCode.SUCCESS;
  private String message = "";

  /**
   * @param window what is read for it; the last day is its logical date
   */
  public JobSummary(String job, DateWindow window) {
    this.job = job;
    this.window = window;
    wrote(0, WrittenPartition.none());
  }

  /** The partitions of one type that will be read. */
  public void found(EventType type, EventPartitions partitions) {
    found(type.label(), partitions.read(), partitions.missing(), partitions.bytes());
  }

  /**
   * The input that will be read.
   *
   * @param read number of partitions
   * @param missing days of the window that there is no partition for
   */
  public void found(String name, int read, List<LocalDate> missing, long bytes) {
    Map<String, Object> input = input(name);
    input.put(PARTITIONS_READ, (long) read);
    input.put(PARTITIONS_MISSING, (long) missing.size());
    List<String> days = new ArrayList<>();
    missing.forEach(day -> days.add(day.toString()));
    input.put("missing", days);
    input.put("bytes", bytes);
    input.put(ROWS_READ, 0L);
    input.put(ROWS_DROPPED, 0L);
  }

  /** The rows read of an input, and how many of them were dropped, by cause. */
  public void read(String name, long rows, Map<String, Long> dropped) {
    Map<String, Object> input = input(name);
    input.put(ROWS_READ, rows);
    input.put(ROWS_DROPPED, dropped.values().stream().mapToLong(Long::longValue).sum());
    input.putAll(dropped);
  }

  private Map<String, Object> input(String name) {
    return inputs.computeIfAbsent(name, n -> new LinkedHashMap<>());
  }

  /** Where rejected records are kept, and why how many of them were rejected. */
  public void rejected(String path, Map<String, Long> reasons) {
    output.put("rejected", path);
    output.put("reasons", reasons);
  }

  /** The rows and files that the partition now holds. */
  public void wrote(long rows, WrittenPartition partition) {
    output.put("rowsWritten", rows);
    output.put("output", partition.path());
    output.put("files", partition.files().size());
    output.put("bytes", partition.bytes());
    output.put("committer", partition.committer());
  }

  /** Notes the failure and its one line. */
  public void failed(ExitCode exit, String line) {
    exitCode = exit;
    message = line;
  }

  /** The phases in order. */
  public void took(Map<String, Duration> phases) {
    Duration total = Duration.ZERO;
    for (Map.Entry<String, Duration> phase : phases.entrySet()) {
      seconds.put(phase.getKey(), phase.getValue().toMillis() / 1000.0);
      total = total.plus(phase.getValue());
    }
    seconds.put("total", total.toMillis() / 1000.0);
  }

  /** What Spark did for it. */
  public void ran(Map<String, Object> work) {
    spark = new LinkedHashMap<>(work);
  }

  /** How it ended. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The entry of this datamart in the document; {@code shared} comes first. */
  Map<String, Object> entry(Map<String, Object> shared) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("job", job);
    entry.putAll(shared);
    Map<String, Object> days = new LinkedHashMap<>();
    days.put("from", window.first().toString());
    days.put("to", window.last().toString());
    days.put("days", window.depth());
    entry.put("window", days);
    entry.put("exitCode", exitCode.number());
    entry.put("message", message);
    for (String sum : new String[] {PARTITIONS_READ, PARTITIONS_MISSING, ROWS_READ, ROWS_DROPPED}) {
      entry.put(
          sum,
          inputs.values().stream().mapToLong(input -> (Long) input.getOrDefault(sum, 0L)).sum());
    }
    entry.putAll(output);
    entry.put("seconds", seconds);
    entry.put("spark", spark);
    entry.put("inputs", inputs);
    return entry;
  }
}
