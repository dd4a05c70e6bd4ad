package dev.caravan.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionWriterTest {
  @TempDir private Path root;
  private final SparkSession spark = TestSession.spark();
  private Path day;

  @BeforeEach
  void name() {
    day = root.resolve("mart/date=2022-05-21");
  }

  private Dataset<Row> rows(int from, int to) {
    return spark.range(from, to, 1, 2).toDF("id");
  }

  private WrittenPartition replace(Dataset<Row> rows, Path partition, int files)
      throws IOException {
    return new PartitionWriter(spark)
        .replace(rows, new org.apache.hadoop.fs.Path("file:" + partition), files);
  }

  private static List<String> files(Path partition) throws IOException {
    try (Stream<Path> files = Files.list(partition)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private List<Long> ids(Path partition) {
    return spark.read().parquet("file:" + partition).collectAsList().stream()
        .map(row -> row.getLong(0))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void newRowsTakeThePlaceOfTheOldOnes() throws IOException {
    replace(rows(0, 3), day, 1);
    WrittenPartition written = replace(rows(3, 5), day, 1);
    assertThat(ids(day)).containsExactly(3L, 4L);
    List<String> files = files(day);
    assertThat(files).hasSize(3).contains("_SUCCESS");
    assertThat(files.get(2)).endsWith(".zstd.parquet");
    assertThat(Files.readString(day.resolve("_current.json")))
        .isEqualTo("{\"version\":1,\"files\":{\"%s\":%d}}", files.get(2), written.bytes());
    assertThat(written.committer()).isEqualTo("file");
    assertThat(written.files()).hasSize(1);
    assertThat(written.bytes()).isEqualTo(Files.size(day.resolve(files.get(2))));
    assertThat(written.path()).isEqualTo("file:" + day);
  }

  @Test
  void otherDatesStayAsTheyAre() throws IOException {
    Path other = root.resolve("mart/date=2022-05-20");
    replace(rows(0, 3), other, 1);
    List<String> before = files(other);
    replace(rows(7, 9), day, 1);
    assertThat(files(other)).isEqualTo(before);
    assertThat(ids(other)).containsExactly(0L, 1L, 2L);
  }

  @Test
  void noRowsAreAFileTooSoThatReadersFindTheColumns() throws IOException {
    replace(rows(0, 3), day, 1);
    assertThat(replace(rows(0, 0), day, 1).files()).hasSize(1);
    assertThat(ids(day)).isEmpty();
  }

  @Test
  void moreFilesWhenAsked() throws IOException {
    assertThat(replace(rows(0, 10), day, 2).files()).hasSize(2);
    assertThat(ids(day)).hasSize(10);
  }

  @Test
  void failedWriteLeavesTheFormerPartitionWhole() throws IOException {
    replace(rows(0, 3), day, 1);
    List<String> before = files(day);
    Dataset<Row> failing =
        rows(0, 10).selectExpr("if(id = 9, cast(raise_error('out of luck') as bigint), id) as id");
    assertThatThrownBy(() -> replace(failing, day, 2)).hasStackTraceContaining("out of luck");
    assertThat(files(day)).isEqualTo(before);
    assertThat(ids(day)).containsExactly(0L, 1L, 2L);
  }

  /** Killed before the commit: uncommitted files. Killed after it: the old rows beside the new. */
  @Test
  void nextRunCleansUpAfterAKilledOne() throws IOException {
    replace(rows(0, 3), day, 1);
    Path task = Files.createDirectories(day.resolve("_temporary/0/_temporary/attempt_1"));
    Files.writeString(task.resolve("part-00000.zstd.parquet"), "unfinished");
    Path copy = day.resolve("part-00000-killed-c000.zstd.parquet");
    Files.copy(day.resolve(data(day)), copy);
    assertThat(ids(day)).hasSize(6);
    replace(rows(3, 5), day, 1);
    assertThat(files(day)).hasSize(3);
    assertThat(ids(day)).containsExactly(3L, 4L);
  }

  private static String data(Path partition) throws IOException {
    return files(partition).stream().filter(name -> name.endsWith(".parquet")).findFirst().get();
  }
}
