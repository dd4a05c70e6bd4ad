package dev.caravan.jobs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.input.ListedFiles;
import dev.caravan.jobs.s3.FaultyS3Proxy;
import dev.caravan.jobs.s3.LocalS3;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ListedFileSystemTest {
  private static final StructType ID = new StructType().add("id", DataTypes.LongType);
  private static final int MANY = 2_000_000;

  private final SparkSession spark = TestSession.spark();
  private final LocalS3 s3 = LocalS3.running();
  private final FaultyS3Proxy line = new FaultyS3Proxy(s3.address());
  private final String bucket = s3.bucket();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void reach() {
    LocalS3.reach(spark.sparkContext().hadoopConfiguration(), bucket, line.address());
  }

  @AfterEach
  void close() {
    line.close();
  }

  /** The only file of a new folder, and from then on the requests for it are noted. */
  private FileStatus listed(Dataset<Row> rows) throws IOException {
    Path folder = new Path("s3a://" + bucket + "/rows");
    rows.coalesce(1).write().parquet(folder.toString());
    FileStatus file =
        Arrays.stream(storage(folder).listStatus(folder))
            .filter(entry -> entry.getPath().getName().endsWith(".parquet"))
            .findFirst()
            .orElseThrow();
    line.refuse(
        request -> {
          if (request.contains(file.getPath().getName())) {
            requests.add(request.split(" ", 2)[0]);
          }
          return false;
        });
    return file;
  }

  private FileSystem storage(Path path) throws IOException {
    return path.getFileSystem(spark.sessionState().newHadoopConf());
  }

  @Test
  void aSmallFileIsReadWithOneRequest() throws IOException {
    FileStatus file = listed(spark.range(0, 1000, 1, 1).toDF("id"));
    Dataset<Row> rows = new ListedFiles(spark).parquet(ID, List.of(file));
    assertThat(rows.collectAsList()).hasSize(1000).last().hasToString("[999]");
    assertThat(requests).containsExactly("GET");
  }

  @Test
  void aLargeFileIsReadInPartsAndNotAskedFor() throws IOException {
    FileStatus file = listed(spark.range(0, MANY, 1, 1).selectExpr("id", "uuid() as other"));
    assertThat(file.getLen()).isGreaterThan(8L << 20);
    Dataset<Row> rows = new ListedFiles(spark).parquet(ID, List.of(file));
    assertThat(rows.selectExpr("sum(id)").collectAsList().get(0).getLong(0))
        .isEqualTo((long) MANY * (MANY - 1) / 2);
    assertThat(requests).isNotEmpty().containsOnly("GET").hasSizeLessThan(10);
  }

  @Test
  void otherFilesAndOtherReadersAreServedAsUsual() throws IOException {
    FileStatus file = listed(spark.range(0, 10, 1, 1).toDF("id"));
    Configuration conf = spark.sessionState().newHadoopConf();
    ListedFileSystem.use(conf);
    FileSystem storage = file.getPath().getFileSystem(conf);
    assertThat(storage).isInstanceOf(ListedFileSystem.class);
    assertThat(storage.getFileStatus(file.getPath()).getLen()).isEqualTo(file.getLen());
    storage.close();
    assertThat(storage(file.getPath())).isNotInstanceOf(ListedFileSystem.class);
    assertThat(storage(file.getPath()).exists(file.getPath())).isTrue();
  }
}
