package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailure;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.output.JobSummary;
import dev.caravan.jobs.output.PartitionWriter;
import dev.caravan.jobs.output.PhaseClock;
import dev.caravan.jobs.output.WrittenPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code events-layer}: reads raw events, writes the partitions of the window's days, and
 * keeps whole what can't be read.
 *
 * <p>A day is replaced, all its types together, when the run has an event for it; other days stay
 * as they are, so raw events that have expired or can't be read take nothing from the layer.
 */
public final class EventsLayer {
  /** Its name on the command line. */
  public static final String NAME = "events-layer";

  private static final String RAW = "raw";
  private static final String REJECTED = "_rejected";
  private static final long FILE_BYTES = 128L << 20;

  /** Rows in flight of a file of that size; parquet packs them better than a shuffle does. */
  private static final String IN_FLIGHT = "256MB";

  private static final String PARTITION_BYTES = "spark.sql.adaptive.advisoryPartitionSizeInBytes";
  private static final int MOST_REASONS = 30;

  private final SparkSession spark;
  private final DateWindow window;
  private final Path src;
  private final Path tgt;
  private final PartitionWriter writer;

  /**
   * @param src root of the raw events
   * @param tgt root of the event log
   */
  public EventsLayer(SparkSession spark, DateWindow window, Path src, Path tgt) {
    this.spark = spark;
    this.window = window;
    this.src = src;
    this.tgt = tgt;
    this.writer = new PartitionWriter(spark);
  }

  /**
   * Writes the layer and its rejects.
   *
   * @throws JobFailure with {@link ExitCode#NO_INPUT} without any raw file, with {@link
   *     ExitCode#MISSING_COLUMNS} when not one record of many can be read
   */
  public void make(JobSummary summary, PhaseClock phases) throws IOException {
    phases.begin("list");
    RawFiles files =
        RawFiles.under(src, src.getFileSystem(spark.sessionState().newHadoopConf()), window);
    summary.found(RAW, files.partitions(), files.missing(window), files.bytes());
    if (files.files().isEmpty()) {
      throw new JobFailure(
          ExitCode.NO_INPUT, "no raw events for the window " + window + " under " + src);
    }
    phases.begin("plan");
    Dataset<Row> parsed = new ParsedEventsTransform().apply(new RawReader(spark).read(files));
    phases.begin("write");
    Counts counts = new Counts();
    WrittenPartition written = write(counts.observed(parsed));
    counts.settle();
    phases.begin("reject");
    Path rejects = new Path(tgt, REJECTED + "/date=" + window.last());
    reject(parsed, rejects, counts, files.bytes());
    summary.wrote(counts.written, written);
    summary.read(RAW, counts.read, counts.dropped());
    summary.rejected(rejects.toString(), reasons(rejects, counts));
    if (counts.rejected > 0 && counts.rejected == counts.read) {
      throw new JobFailure(
          ExitCode.MISSING_COLUMNS,
          "none of " + counts.read + " raw records can be read; they are in " + rejects);
    }
  }

  private Column inWindow() {
    return col(ParsedEventsTransform.DATE)
        .between(java.sql.Date.valueOf(window.first()), java.sql.Date.valueOf(window.last()));
  }

  private WrittenPartition write(Dataset<Row> parsed) throws IOException {
    List<Column> columns = new ArrayList<>();
    LayerColumn.ALL.forEach(column -> columns.add(col(column.name())));
    columns.add(col(ParsedEventsTransform.TYPE));
    columns.add(col(ParsedEventsTransform.DATE));
    Dataset<Row> rows =
        parsed
            .filter(col(ParsedEventsTransform.REASON).isNull().and(inWindow()))
            .select(columns.toArray(new Column[0]))
            // A partition to one task, and so to one file; more for one that is too large.
            .hint(
                "rebalance",
                col(ParsedEventsTransform.TYPE).expr(),
                col(ParsedEventsTransform.DATE).expr());
    boolean set = spark.conf().contains(PARTITION_BYTES);
    if (!set) {
      spark.conf().set(PARTITION_BYTES, IN_FLIGHT);
    }
    try {
      return writer.replaceWithin(
          tgt, Arrays.asList(ParsedEventsTransform.TYPE, ParsedEventsTransform.DATE), days(), rows);
    } finally {
      if (!set) {
        spark.conf().unset(PARTITION_BYTES);
      }
    }
  }

  /** The partitions of each day. */
  private List<List<Path>> days() {
    List<List<Path>> days = new ArrayList<>();
    window
        .days()
        .forEach(
            day -> {
              List<Path> partitions = new ArrayList<>();
              for (EventType type : EventType.values()) {
                partitions.add(new Path(tgt, "event_type=" + type.label() + "/" + "date=" + day));
              }
              days.add(partitions);
            });
    return days;
  }

  /** Reads the raw files once more, if there is anything to reject: mostly there is not. */
  private void reject(Dataset<Row> parsed, Path rejects, Counts counts, long bytes)
      throws IOException {
    Dataset<Row> rejected =
        parsed
            .filter(col(ParsedEventsTransform.REASON).isNotNull())
            .select(
                col(ParsedEventsTransform.REASON), col(RawColumns.RECORD), col(RawColumns.FILE));
    int files =
        (int) (1 + (double) bytes * counts.rejected / Math.max(1, counts.read) / FILE_BYTES);
    writer.replace(
        counts.rejected == 0
            ? spark.createDataFrame(new ArrayList<>(), rejected.schema())
            : rejected.repartition(files),
        rejects,
        files);
  }

  private Map<String, Long> reasons(Path rejects, Counts counts) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    if (counts.rejected > 0) {
      spark
          .read()
          .parquet(rejects.toString())
          .groupBy(ParsedEventsTransform.REASON)
          .count()
          .orderBy(col("count").desc(), col(ParsedEventsTransform.REASON))
          .limit(MOST_REASONS)
          .collectAsList()
          .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    }
    return reasons;
  }

  /** What an action sees that runs through the observed rows. */
  private final class Counts {
    private final Observation observation = new Observation(NAME);
    private long read;
    private long rejected;
    private long outside;
    private long written;

    /** Nothing of the records themselves is looked at: packing them costs more than all else. */
    Dataset<Row> observed(Dataset<Row> parsed) {
      Column rejects = col(ParsedEventsTransform.REASON).isNotNull();
      return parsed.observe(
          observation,
          count(lit(1)).as("read"),
          sum(when(rejects, 1L).otherwise(0L)).as("rejected"),
          sum(when(not(rejects).and(not(inWindow())), 1L).otherwise(0L)).as("outside"));
    }

    /** Once the action has ended: then there is nothing to wait for. */
    void settle() throws IOException {
      Map<String, Object> seen;
      try {
        seen = observation.getAsJava();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while counting", e);
      }
      read = number(seen, "read");
      rejected = number(seen, "rejected");
      outside = number(seen, "outside");
      written = read - rejected - outside;
    }

    Map<String, Long> dropped() {
      Map<String, Long> dropped = new LinkedHashMap<>();
      dropped.put("rowsRejected", rejected);
      dropped.put("rowsOutsideWindow", outside);
      return dropped;
    }

    private long number(Map<String, Object> seen, String name) {
      return seen.get(name) instanceof Number ? ((Number) seen.get(name)).longValue() : 0;
    }
  }
}
