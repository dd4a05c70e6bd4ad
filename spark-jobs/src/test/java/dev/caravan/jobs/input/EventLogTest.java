package dev.caravan.jobs.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.exit.ExitCode;
import dev.caravan.jobs.exit.JobFailedException;
import dev.caravan.jobs.sample.ParquetFiles;
import dev.caravan.jobs.sample.RawEvents;
import dev.caravan.jobs.sample.TestLake;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.format.CompressionCodec;
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
            JobFailedException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
        .hasMessageContaining(
            "date=2022-05-01 lacks required columns: message_id (is double, must be bigint or")
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

  private static final String STORED =
      "optional int64 message_id; optional int64 message_from; optional %s optional int64 message_ts %s;"
          + " optional int32 datetime %s; optional %s lat; optional double lon;";

  private Path day() throws IOException {
    return Files.createDirectories(lake.partition("message", "2022-05-01"));
  }

  private List<String> read() throws IOException {
    EventPartitions partitions = log.partitions(EventType.MESSAGE, WINDOW);
    List<Row> rows = new EventReader(spark).read(EventType.MESSAGE, partitions).collectAsList();
    assertThat(partitions.rows()).isEqualTo(rows.size());
    assertThat(new EventReader(spark).readDated(EventType.MESSAGE, partitions).collectAsList())
        .allMatch(row -> row.<Object>getAs("day").toString().equals("2022-05-01"))
        .hasSameSizeAs(rows);
    return rows.stream()
        .map(row -> row.get(1) + " " + row.get(3) + " " + row.get(4))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void everyFileIsReadOnceAsItselfWhateverItsName() throws IOException {
    List<String> names =
        List.of("e[1]", "e1", "{a}", "*", "e?", "with blank", "100%25", "a,b", "ü", "x=1", "#+&");
    for (int i = 0; i < names.size(); i++) {
      ParquetFiles.write(
          day().resolve(names.get(i) + ".parquet"),
          STORED.formatted("int64 message_to;", "(TIMESTAMP(MICROS,true))", "(DATE)", "double"),
          List.of(Map.of("message_id", 10L + i, "datetime", 19_113)));
    }
    assertThat(read())
        .hasSize(names.size())
        .startsWith("10 2022-05-01 00:00:00.0 null")
        .endsWith("20 2022-05-01 00:00:00.0 null")
        .doesNotHaveDuplicates();
  }

  @Test
  void eachFileIsReadByItsOwnFooter() throws IOException {
    long second = 1_651_399_200L;
    lake.day("message", "2022-05-01", message("1").messages(spark));
    ParquetFiles.write(
        day().resolve("nanos.parquet"),
        STORED.formatted("double message_to;", "(TIMESTAMP(NANOS,false))", "", "double"),
        List.of(
            Map.of("message_id", 2L, "message_ts", second * 1_000_000_000 + 123_456_789),
            Map.of("message_id", 3L, "message_ts", -1L)));
    ParquetFiles.write(
        day().resolve("millis.parquet"),
        STORED.formatted("int32 message_to;", "(TIMESTAMP(MILLIS,true))", "", "float"),
        List.of(
            Map.of("message_id", 4L, "message_ts", second * 1000),
            Map.of("message_id", 5L, "message_ts", Long.MAX_VALUE),
            Map.of("message_id", 6L, "message_ts", Long.MIN_VALUE)));
    ParquetFiles.write(
        day().resolve("nobody.parquet"),
        STORED.formatted("group message_to { optional double x; }", "", "(DATE)", "int32"),
        List.of());
    assertThat(read())
        .containsExactly(
            "1 2022-05-01 10:00:00.0 1.0",
            "2 2022-05-01 10:00:00.123456 null",
            "3 1969-12-31 23:59:59.999999 null",
            "4 2022-05-01 10:00:00.0 null",
            "5 null null",
            "6 null null");
  }

  @Test
  void theSecondFilesColumnsCountToo() throws IOException {
    lake.day("message", "2022-05-01", message(1).messages(spark));
    spark
        .read()
        .parquet("file:" + day())
        .drop("lon")
        .withColumn("message_id", org.apache.spark.sql.functions.expr("1.5D"))
        .coalesce(1)
        .write()
        .parquet("file:" + root.resolve("other"));
    try (Stream<Path> files = Files.list(root.resolve("other"))) {
      Path other = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().get();
      Files.move(other, day().resolve("z.parquet"));
    }
    for (int look = 0; look < 2; look++) {
      assertThatThrownBy(() -> log.partitions(EventType.MESSAGE, WINDOW))
          .isInstanceOf(JobFailedException.class)
          .hasMessageStartingWith("the file z.parquet of file:")
          .hasMessageEndingWith(
              "date=2022-05-01 lacks required columns:"
                  + " message_id (is double, must be bigint or int or string), lon");
    }
  }

  @Test
  void aCutFileIsRefusedAndHowToLeaveItOutIsSaid() throws IOException {
    lake.day("message", "2022-05-01", message(1).messages(spark));
    Path whole;
    try (Stream<Path> files = Files.list(day())) {
      whole = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().get();
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = day().resolve("cut.parquet");
    byte[] noFooter = bytes.clone();
    java.util.Arrays.fill(noFooter, 8, bytes.length - 8, (byte) 0xff);
    for (byte[] damaged :
        List.of(java.util.Arrays.copyOf(bytes, bytes.length - 3), new byte[] {1}, noFooter)) {
      Files.write(cut, damaged);
      assertThatThrownBy(() -> log.partitions(EventType.MESSAGE, WINDOW))
          .isInstanceOfSatisfying(
              JobFailedException.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
          .hasMessageContaining("cut.parquet is not a readable parquet file: ")
          .hasMessageEndingWith("delete it, or rename it to begin with '_'");
    }
    Files.move(cut, day().resolve("_cut.parquet"));
    assertThat(read()).hasSize(1);
  }

  @Test
  void aFileForWhoseCompressionThereIsNoCodecIsRefused() throws IOException {
    Path packed = day().resolve("packed.parquet");
    ParquetFiles.write(
        packed,
        STORED.formatted("int64 message_to;", "(TIMESTAMP(MICROS,true))", "(DATE)", "double"),
        List.of(Map.of("message_id", 1L, "datetime", 19_113)));
    assertThat(read()).hasSize(1);
    ParquetFiles.claim(packed, CompressionCodec.BROTLI);
    EventLog fresh =
        new EventLog(
            new org.apache.hadoop.fs.Path(lake.events()), spark.sessionState().newHadoopConf());
    assertThatThrownBy(() -> fresh.partitions(EventType.MESSAGE, WINDOW))
        .isInstanceOfSatisfying(
            JobFailedException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISSING_COLUMNS))
        .hasMessageContaining("packed.parquet is not a readable parquet file: its column ")
        .hasMessageContaining(" is compressed with BROTLI, for which Spark has no codec")
        .hasMessageEndingWith("delete it, or rename it to begin with '_'");
  }

  @Test
  void whatIsNotReadMayBeCompressedWithAnything() throws IOException {
    Path file = day().resolve("more.parquet");
    String columns =
        STORED.formatted("int64 message_to;", "(TIMESTAMP(MICROS,true))", "(DATE)", "double");
    ParquetFiles.write(
        file,
        columns + " optional binary tags (STRING);",
        List.of(Map.of("message_id", 1L, "datetime", 19_113, "tags", "x")));
    ParquetFiles.claim(file, CompressionCodec.BROTLI, "tags");
    assertThat(read()).hasSize(1);
  }

  @Test
  void filesInFoldersOfADayAreItsFilesAndNamesAreWhatTheyAre() throws IOException {
    Files.createDirectories(day().resolve("hour=10"));
    Files.createDirectories(day().resolve("backup"));
    Files.write(day().resolve("empty.parquet"), new byte[0]);
    Files.writeString(day().resolve("notes.txt"), "not read");
    String columns = STORED + " optional binary LAT (STRING);";
    ParquetFiles.write(
        day().resolve("hour=10/a.parquet"),
        columns.formatted("int64 message_to;", "(TIMESTAMP(MICROS,true))", "(DATE)", "double"),
        List.of(Map.of("message_id", 1L, "datetime", 19_113, "lat", 1.5, "LAT", "north")));
    assertThat(read()).containsExactly("1 2022-05-01 00:00:00.0 1.5");
  }
}
