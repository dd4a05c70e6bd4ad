package dev.caravan.jobs;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.input.DropCause;
import dev.caravan.jobs.input.EventCounts;
import dev.caravan.jobs.input.EventPartitions;
import dev.caravan.jobs.input.EventType;
import dev.caravan.jobs.marts.Datamart;
import dev.caravan.jobs.marts.Inputs;
import dev.caravan.jobs.output.JobSummary;
import dev.caravan.jobs.output.PartitionWriter;
import dev.caravan.jobs.output.PhaseClock;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;

/**
 * Makes one datamart: finds its input, computes its rows, replaces its partition. The last step may
 * be done on another thread while the next datamart is computed.
 */
final class DatamartRun {
  private static final Logger LOG = LoggerFactory.getLogger(DatamartRun.class);

  /** Data files are to grow to about this size before there are more of them. */
  private static final long FILE_BYTES = 128L << 20;

  /**
   * Bytes of input up to which a plan is made once. Spark would plan anew after each stage by what
   * it produced, and run each stage as a job of its own: of a small window that took a tenth of the
   * application's processor time.
   */
  private static final long PLANNED_ONCE_BYTES = 128L << 20;

  private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  private final SparkSession spark;
  private final Inputs inputs;
  private final Path partition;
  private final PhaseClock phases;
  private Optional<Dataset<Row>> rows = Optional.empty();
  private long count;

  DatamartRun(SparkSession spark, Inputs inputs, Path partition, PhaseClock phases) {
    this.spark = spark;
    this.inputs = inputs;
    this.partition = partition;
    this.phases = phases;
  }

  /** Computes the rows, which are kept until {@link #release}. */
  void compute(Datamart datamart, JobSummary summary) throws IOException {
    inputs.readCitiesAhead();
    phases.begin("list");
    long bytes = look(datamart, summary);
    RuntimeConfig conf = spark.conf();
    conf.set(SHUFFLE_PARTITIONS, inputs.shufflePartitions(bytes));
    if (isGiven(ADAPTIVE) || bytes > PLANNED_ONCE_BYTES) {
      count(datamart, summary);
      return;
    }
    conf.set(ADAPTIVE, false);
    try {
      count(datamart, summary);
    } finally {
      conf.unset(ADAPTIVE);
    }
  }

  /** Whether the submitter has set it. */
  private boolean isGiven(String key) {
    return spark.sparkContext().getConf().contains(key);
  }

  private void count(Datamart datamart, JobSummary summary) throws IOException {
    phases.begin("plan");
    Dataset<Row> held = datamart.rows(inputs).persist(StorageLevel.MEMORY_AND_DISK());
    rows = Optional.of(held);
    Dataset<Row> counted = held.groupBy().count();
    inputs.readAhead();
    phases.begin("compute");
    count = counted.collectAsList().get(0).getLong(0);
    Map<String, Row> observed =
        JavaConverters.mapAsJavaMap(counted.queryExecution().observedMetrics());
    for (EventType type : datamart.reads()) {
      EventCounts counts = counts(type, observed.get(type.label()));
      summary.read(type.label(), counts.read(), counts.dropped());
      refuseIfAllDropped(type, counts);
    }
  }

  /** Writes what was computed. */
  void write(JobSummary summary) throws IOException {
    phases.begin("write");
    Dataset<Row> held = rows.orElseThrow(IllegalStateException::new);
    summary.wrote(count, new PartitionWriter(spark).replace(held, partition, files(held)));
  }

  /** Lets go of the rows. */
  void release() {
    rows.ifPresent(Dataset::unpersist);
    rows = Optional.empty();
  }

  /**
   * What was observed, if it adds up: what Spark observes counts a task's rows twice if it is run
   * again, and not at all where a join needed no more of them. The files' footers know.
   */
  private EventCounts counts(EventType type, Row observed) throws IOException {
    long stored = inputs.partitions(type).rows();
    Row seen = inputs.observed(type).orElse(observed);
    EventCounts counts = seen == null ? EventCounts.none() : EventCounts.of(seen);
    if (counts.read() == stored) {
      return counts;
    }
    LOG.info("of {} rows of {} Spark observed {}: counting", stored, type.label(), counts.read());
    counts = inputs.counted(type);
    if (counts.read() != stored) {
      throw new JobFailedException(
          ExitCode.FAILED,
          String.format(
              "the files of %s in the window %s hold %d rows, but %d were read; nothing is written",
              type.label(), inputs.window(), stored, counts.read()));
    }
    return counts;
  }

  /** That is no bad row, but a writer that changed, or a wrong column. */
  private void refuseIfAllDropped(EventType type, EventCounts counts) {
    Optional<DropCause> cause = counts.onlyCause();
    if (cause.isPresent()) {
      throw new JobFailedException(
          ExitCode.MISSING_COLUMNS,
          String.format(
              "all %d rows of %s in the window %s under %s are dropped for one cause, %s: %s;"
                  + " nothing is written",
              counts.read(),
              type.label(),
              inputs.window(),
              inputs.src(),
              cause.get().key(),
              cause.get().meaning()));
    }
  }

  /** Bytes of the input that the datamart reads. */
  private long look(Datamart datamart, JobSummary summary) throws IOException {
    int found = 0;
    long bytes = 0;
    for (EventType type : datamart.reads()) {
      EventPartitions partitions = inputs.partitions(type);
      summary.found(type, partitions);
      found += partitions.read();
      bytes += partitions.bytes();
    }
    if (found == 0) {
      throw new JobFailedException(
          ExitCode.NO_INPUT,
          "no input partition in the window "
              + inputs.window()
              + " under "
              + inputs.src()
              + " for "
              + datamart.reads());
    }
    return bytes;
  }

  /** By the size of the held rows' values, which is several times that of the files. */
  private static int files(Dataset<Row> held) {
    long bytes = held.toDF().queryExecution().optimizedPlan().stats().sizeInBytes().toLong();
    return (int) Math.max(1, (bytes + FILE_BYTES - 1) / FILE_BYTES);
  }
}
