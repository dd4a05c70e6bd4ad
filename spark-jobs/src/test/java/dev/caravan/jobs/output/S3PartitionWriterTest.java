package dev.caravan.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.s3.LocalS3;
import dev.caravan.jobs.s3.S3Line;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A partition on a real S3 server, and what a writer leaves there that is killed at a request. */
class S3PartitionWriterTest {
  private static final String DAY = "mart/date=2022-05-21";
  private static final Predicate<String> COMPLETE =
      request -> request.startsWith("POST") && request.contains("uploadId=");
  private static final Predicate<String> DELETE =
      request -> request.startsWith("DELETE") && request.contains(".parquet");

  private final SparkSession spark = TestSession.spark();
  private final LocalS3 s3 = LocalS3.running();
  private final S3Line line = new S3Line(s3.address());
  private final String bucket = s3.bucket();

  @BeforeEach
  void reach() {
    LocalS3.reach(spark.sparkContext().hadoopConfiguration(), bucket, line.address());
  }

  @AfterEach
  void close() {
    line.close();
  }

  private WrittenPartition replace(int from, int to) throws IOException {
    return new PartitionWriter(spark)
        .replace(
            spark.range(from, to, 1, 2).toDF("id"), new Path("s3a://" + bucket + "/" + DAY), 2);
  }

  /** The rows that a reader who lists the partition finds. */
  private List<Long> ids() {
    Dataset<Row> read = spark.read().parquet("s3a://" + bucket + "/" + DAY);
    return read.collectAsList().stream()
        .map(row -> row.getLong(0))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void theMagicCommitterIsFoundAndRenamesNothing() throws IOException {
    WrittenPartition written = replace(0, 4);
    assertThat(written.committer()).isEqualTo("magic");
    assertThat(written.files()).hasSize(2);
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L);
    line.passed().forEach(System.err::println);
    System.err.println(s3.objects(bucket, ""));
    System.err.println(s3.get(bucket, DAY + "/_SUCCESS"));
  }
}
