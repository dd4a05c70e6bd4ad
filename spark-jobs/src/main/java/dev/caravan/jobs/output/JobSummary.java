package dev.caravan.jobs.output;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.input.KeptEventsTransform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** What became of one datamart, gathered while it is made. For one thread. */
public final class JobSummary {
  private static final String ROWS_READ = "rowsRead";
  private static final String ROWS_DROPPED = "rowsDropped";
  private static final String PARTITIONS_READ = "partitionsRead";
  private static final String PARTITIONS_MISSING = "partitionsMissing";

  private final String job;
  private final Map<EventType, Map<String, Object>> inputs = new EnumMap<>(EventType.class);
  private final Map<String, Object> output = new LinkedHashMap<>();
  private final Map<String, Object> seconds = new LinkedHashMap<>();
  private ExitCode exitCode = ExitCode.SUCCESS;
  private String message = "";

  public JobSummary(String job) {
    this.job = job;
    wrote(0, WrittenPartition.none());
  }

  /** The partitions of one type that will be read. */
  public void found(EventType type, EventPartitions partitions) {
    Map<String, Object> input = inputs.computeIfAbsent(type, t -> new LinkedHashMap<>());
    input.put(PARTITIONS_READ, (long) partitions.read());
    input.put(PARTITIONS_MISSING, (long) partitions.missing().size());
    List<String> missing = new ArrayList<>();
    partitions.missing().forEach(day -> missing.add(day.toString()));
    input.put("missing", missing);
    input.put("bytes", partitions.bytes());
    input.put(ROWS_READ, 0L);
    input.put(ROWS_DROPPED, 0L);
  }

  /** The row counts that a plan observed for {@code type}. */
  public void observed(EventType type, Row counts) {
    Map<String, Object> input = inputs.computeIfAbsent(type, t -> new LinkedHashMap<>());
    long withoutId = count(counts, KeptEventsTransform.NO_ID);
    long withBadId = count(counts, KeptEventsTransform.BAD_ID);
    input.put(ROWS_READ, count(counts, KeptEventsTransform.READ));
    input.put(ROWS_DROPPED, withoutId + withBadId);
    input.put("rowsWithoutId", withoutId);
    input.put("rowsWithBadId", withBadId);
  }

  private static long count(Row counts, String name) {
    int index = counts.fieldIndex(name);
    return counts.isNullAt(index) ? 0 : counts.getLong(index);
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

  /** How it ended. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** The entry of this datamart in the document; {@code shared} comes first. */
  Map<String, Object> entry(Map<String, Object> shared) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("job", job);
    entry.putAll(shared);
    entry.put("exitCode", exitCode.number());
    entry.put("message", message);
    for (String sum : new String[] {PARTITIONS_READ, PARTITIONS_MISSING, ROWS_READ, ROWS_DROPPED}) {
      entry.put(
          sum,
          inputs.values().stream().mapToLong(input -> (Long) input.getOrDefault(sum, 0L)).sum());
    }
    entry.putAll(output);
    entry.put("seconds", seconds);
    Map<String, Object> byType = new LinkedHashMap<>();
    inputs.forEach((type, input) -> byType.put(type.label(), input));
    entry.put("inputs", byType);
    return entry;
  }
}
