package dev.caravan.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailure;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final DateWindow WINDOW = new DateWindow(LocalDate.of(2022, 5, 3), 4);

  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private TestLake lake;
  private EventLog log;

  @BeforeEach
  void open() {
    lake = new TestLake(root);
    log =
        new EventLog(
            new org.apache.hadoop.fs.Path(lake.events()), spark.sessionState().newHadoopConf());
  }

  private static RawEvents message(Object id) {
    return new RawEvents().message(id, 5, "2022-05-01T10:00:00", 1.0, 2.0);
  }

  @Test
  void daysOutsideTheWindowAreNotReadAndMissingOnesAreNamed() throws IOException {
    lake.day("2022-04-29", message(1)).day("2022-05-01", message(2)).day("2022-05-03", message(3));
    lake.day("2022-05-04", message(4));
    Files.createDirectories(lake.partition("message", "2022-05-02"));
    Files.write(lake.partition("message", "2022-05-02").resolve("_SUCCESS"), new byte[] {1});
    EventPartitions partitions = log.partitions(EventType.MESSAGE, WINDOW);
    assertThat(partitions.read()).isEqualTo(2);
    assertThat(partitions.missing())
        .containsExactly(LocalDate.of(2022, 4, 30), LocalDate.of(2022, 5, 2));
    assertThat(partitions.bytes()).isPositive();
    assertThat(new EventReader(spark).read(EventType.MESSAGE, partitions).collectAsList())
        .extracting(row -> row.getLong(1))
        .containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void noFolderAtAllIsNoPartition() throws IOException {
    EventPartitions partitions = log.partitions(EventType.REACTION, WINDOW);
    assertThat(partitions.read()).isZero();
    assertThat(partitions.missing()).hasSize(4);
    Dataset<Row> none = new EventReader(spark).read(EventType.REACTION, partitions);
    assertThat(none.collectAsList()).isEmpty();
  }

  @Test
  void daysOfDifferentTypesAreReadTogether() throws IOException {
    lake.day("message", "2022-05-01", RawEvents.stored(message(1).messages(spark)));
    lake.day(
        "message",
        "2022-05-02",
        message(2).messages(spark).withColumn("tags", org.apache.spark.sql.functions.lit("x")));
    Dataset<Row> rows =
        new EventReader(spark).read(EventType.MESSAGE, log.partitions(EventType.MESSAGE, WINDOW));
    assertThat(rows.collectAsList())
        .extracting(row -> row.getLong(1) + " " + row.getTimestamp(3).toInstant())
        .containsExactlyInAnyOrder("1 2022-05-01T10:00:00Z", "2 2022-05-01T10:00:00Z");
  }

  @Test
  void absentColumnsAndWrongTypesAreNamed() {
    Dataset<Row> rows =
        message(1)
            .messages(spark)
            .drop("lat", "message_to")
            .selectExpr("*", "array(1) as message_to")
            .withColumn("message_id", org.apache.spark.sql.functions.expr("1.5D"));
    lake.day("message", "2022-05-01", rows);
    assertThatThrownBy(() -> log.partitions(EventType.MESSAGE, WINDOW))
        .isInstanceOfSatisfying(
            JobFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
        .hasMessageContaining(
            "date=2022-05-01 has not the columns it must have: message_id (is double, must be bigint or")
        .hasMessageContaining("message_to (is nested")
        .hasMessageEndingWith(", lat");
  }

  @Test
  void aFileThatIsNoParquetIsNamed() throws IOException {
    Path day = Files.createDirectories(lake.partition("message", "2022-05-01"));
    Files.writeString(day.resolve("a.parquet"), "not at all what it says it is");
    assertThatThrownBy(() -> log.partitions(EventType.MESSAGE, WINDOW))
        .hasMessageContaining("a.parquet");
  }
}
