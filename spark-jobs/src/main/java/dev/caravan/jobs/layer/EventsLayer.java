package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DateWindow;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.input.ParquetFooter;
import dev.caravan.jobs.output.JobSummary;
import dev.caravan.jobs.output.PartitionWriter;
import dev.caravan.jobs.output.PhaseClock;
import dev.caravan.jobs.output.WrittenPartition;
import dev.caravan.jobs.storage.StorageCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code events-layer}: reads raw events, writes the partitions of the window's days, and
 * stores records that can't be read unchanged.
 *
 * <p>A day is replaced, all its types together, when the run has an event for it; other days stay
 * as they are, so raw events that have expired or can't be read take nothing from the layer.
 */
public final class EventsLayer {
  /** Its name on the command line. */
  public static final String NAME = "events-layer";

  private static final String RAW = "raw";

  /** Rows in flight of a file of 128 MB; parquet packs them better than a shuffle does. */
  private static final String IN_FLIGHT = "256MB";

  private static final String PARTITION_BYTES = "spark.sql.adaptive.advisoryPartitionSizeInBytes";

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
   * @throws JobFailedException with {@link ExitCode#NO_INPUT} without any event of the window, with
   *     {@link ExitCode#MISSING_COLUMNS} when not one record can be read
   */
  public void make(JobSummary summary, PhaseClock phases) throws IOException {
    phases.begin("list");
    RawFiles files =
        RawFiles.under(src, src.getFileSystem(spark.sessionState().newHadoopConf()), window);
    summary.found(RAW, files.partitions(), files.missing(window), files.bytes());
    if (files.files().isEmpty()) {
      throw new JobFailedException(
          ExitCode.NO_INPUT, "no raw events for the window " + window + " under " + src);
    }
    phases.begin("plan");
    Dataset<Row> parsed = new ParsedEventsTransform().apply(new RawReader(spark).read(files));
    phases.begin("write");
    RecordCounts counts = new RecordCounts(inWindow());
    WrittenPartition written = write(counts.observed(parsed));
    counts.settle();
    phases.begin("reject");
    Rejects rejects = new Rejects(spark, tgt, window.last());
    WrittenPartition rejected = rejects.write(parsed, counts, files.bytes());
    long rowsWritten = rows(written);
    long rowsRejected = rows(rejected);
    if (!counts.addUp(rowsWritten, rowsRejected)) {
      counts.recount(parsed);
    }
    summary.wrote(rowsWritten, written);
    summary.read(RAW, counts.read(), counts.dropped());
    summary.rejected(
        rejects.path().toString(),
        rowsRejected == 0 ? Collections.emptyMap() : rejects.reasons(rejected));
    if (!counts.addUp(rowsWritten, rowsRejected)) {
      throw new JobFailedException(
          ExitCode.FAILED,
          String.format(
              "of %d raw records %d were written, %d rejected, and %d are from other days: that"
                  + " doesn't add up; run it again",
              counts.read(), rowsWritten, rowsRejected, counts.outside()));
    }
    if (rowsWritten == 0) {
      throw nothing(counts, rejects.path());
    }
  }

  /** What the files that were committed hold, whatever was counted on the way to them. */
  private long rows(WrittenPartition written) throws IOException {
    Configuration conf = spark.sessionState().newHadoopConf();
    return StorageCalls.each(written.listed(), file -> ParquetFooter.of(file, conf).rows()).stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private JobFailedException nothing(RecordCounts counts, Path rejects) {
    if (counts.read() > 0 && counts.rejected() == counts.read()) {
      return new JobFailedException(
          ExitCode.MISSING_COLUMNS,
          "none of " + counts.read() + " raw records can be read; they are in " + rejects);
    }
    return new JobFailedException(
        ExitCode.NO_INPUT,
        String.format(
            "none of %d raw records under %s is of the window %s%s",
            counts.read(),
            src,
            window,
            counts.rejected() == 0
                ? ""
                : String.format(
                    "; %d of them can't be read, they are in %s", counts.rejected(), rejects)));
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
}
