package dev.caravan.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.jobs.s3.FaultyS3Proxy;
import dev.caravan.jobs.s3.LocalS3;
import dev.caravan.jobs.sample.TestSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A partition on a real S3 server, and what a writer leaves there that is cut off at a request; for
 * a process that is really killed see {@code S3ApplicationTest}.
 */
@Tag("slow")
class S3PartitionWriterTest {
  private static final String DAY = "mart/date=2022-05-21";
  private static final Predicate<String> COMPLETE =
      request -> request.startsWith("POST") && request.contains("uploadId=");
  private static final Predicate<String> DELETE =
      request -> request.startsWith("DELETE") && request.contains(".parquet");

  private static final Duration ONE_SECOND = Duration.ofSeconds(1);
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final SparkSession spark = TestSession.spark();
  private final LocalS3 s3 = LocalS3.running();
  private final FaultyS3Proxy line = new FaultyS3Proxy(s3.address());
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
        .replace(spark.range(from, to, 1, 2).toDF("id"), new Path(path()), 2);
  }

  private String path() {
    return "s3a://" + bucket + "/" + DAY;
  }

  /** The rows that a reader finds who lists the partition, or reads what is named. */
  private List<Long> ids(String... paths) {
    return spark.read().parquet(paths).collectAsList().stream()
        .map(row -> row.getLong(0))
        .sorted()
        .collect(Collectors.toList());
  }

  /** The files that the partition names as its own. */
  private String[] named() throws IOException {
    JsonNode named = new ObjectMapper().readTree(s3.get(bucket, DAY + "/_current.json"));
    List<String> paths = new ArrayList<>();
    named.get("files").fieldNames().forEachRemaining(name -> paths.add(path() + "/" + name));
    return paths.toArray(new String[0]);
  }

  /** Writes over three rows until the request is due; then nothing comes through any more. */
  private Map<String, String> cutAt(Predicate<String> request) throws IOException {
    replace(0, 3);
    Map<String, String> former = s3.objects(bucket, DAY);
    former.remove(DAY + "/_SUCCESS");
    line.cutAt(request);
    assertThatThrownBy(() -> replace(3, 7)).isNotNull();
    assertThat(line.cut().getCount()).isZero();
    line.mend();
    return former;
  }

  private void assertTheNextRunPutsItRight() throws IOException {
    replace(7, 9);
    assertThat(ids(path())).containsExactly(7L, 8L);
    assertThat(ids(named())).containsExactly(7L, 8L);
    assertThat(s3.objects(bucket, "").keySet())
        .hasSize(4)
        .containsAll(s3.data(bucket, DAY))
        .contains(DAY + "/_SUCCESS", DAY + "/_current.json");
    assertThat(s3.pendingUploads(bucket)).isEmpty();
  }

  @Test
  void theMagicCommitterIsFoundAndNothingIsRenamed() throws IOException {
    WrittenPartition written = replace(0, 4);
    assertThat(written.committer()).isEqualTo("magic");
    assertThat(written.files()).hasSize(2);
    assertThat(ids(path())).containsExactly(0L, 1L, 2L, 3L);
    assertThat(line.copies()).isZero();
    assertThat(spark.conf().contains("spark.sql.sources.commitProtocolClass")).isFalse();
  }

  @Test
  void withoutSparksCloudModuleFilesAreRenamedAndItWorksAllTheSame() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader whole = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new ClassLoader(whole) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.spark.internal.io.cloud.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        });
    try {
      replace(0, 3);
      assertThat(replace(3, 7).committer()).isEqualTo("file");
    } finally {
      thread.setContextClassLoader(whole);
    }
    assertThat(ids(path())).containsExactly(3L, 4L, 5L, 6L);
    assertThat(ids(named())).containsExactly(3L, 4L, 5L, 6L);
    assertThat(line.copies()).isPositive();
  }

  @Test
  void cutDuringTheCommitTheFormerPartitionIsWholeAndStillTheOneThatIsNamed() throws IOException {
    AtomicInteger completed = new AtomicInteger();
    Map<String, String> former =
        cutAt(request -> COMPLETE.test(request) && completed.getAndIncrement() == 1);
    assertThat(s3.objects(bucket, DAY)).containsAllEntriesOf(former);
    assertThat(ids(path())).contains(0L, 1L, 2L).hasSizeGreaterThan(3);
    assertThat(ids(named())).containsExactly(0L, 1L, 2L);
    assertThat(s3.pendingUploads(bucket)).hasSize(1);
    assertTheNextRunPutsItRight();
  }

  @Test
  void cutBeforeTheDeletionBothAreThereAndTheNewOneIsNamed() throws IOException {
    Map<String, String> former = cutAt(DELETE);
    former.remove(DAY + "/_current.json");
    assertThat(s3.objects(bucket, DAY)).containsAllEntriesOf(former);
    assertThat(ids(path())).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(ids(named())).containsExactly(3L, 4L, 5L, 6L);
    assertTheNextRunPutsItRight();
  }

  @Test
  void aCommitThatFailsTakesBackWhatItPublished() throws IOException {
    replace(0, 3);
    Map<String, String> former = s3.objects(bucket, "");
    former.remove(DAY + "/_SUCCESS");
    AtomicInteger completed = new AtomicInteger();
    line.refuse(request -> COMPLETE.test(request) && completed.getAndIncrement() == 1);
    assertThatThrownBy(() -> replace(3, 7)).isNotNull();
    assertThat(completed.get()).isGreaterThan(1);
    assertThat(s3.objects(bucket, "")).isEqualTo(former);
    assertThat(s3.pendingUploads(bucket)).isEmpty();
  }

  @Test
  void uploadsElsewhereAreLeftAlone() throws IOException {
    s3.beginUpload(bucket, "mart/date=2022-05-20/part-0.parquet");
    s3.beginUpload(bucket, DAY + "/part-0.parquet");
    s3.beginUpload(bucket, DAY + "0/part-0.parquet");
    replace(0, 3);
    assertThat(s3.pendingUploads(bucket))
        .containsExactly("mart/date=2022-05-20/part-0.parquet", DAY + "0/part-0.parquet");
  }

  /** Of a server that fails, forbids it, or doesn't know it. */
  @ParameterizedTest
  @ValueSource(ints = {500, 403, 501, 503})
  void aServerThatWontListPendingUploadsIsAskedHardlyTwiceAndTheJobGoesOn(int status)
      throws IOException {
    s3.beginUpload(bucket, DAY + "/part-0.parquet");
    // As a server that is used in earnest is asked: patiently.
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.s3a.bucket." + bucket + ".attempts.maximum", "20");
    spark.sparkContext().hadoopConfiguration().set("fs.s3a.bucket." + bucket + ".retry.limit", "7");
    line.refuse(request -> request.startsWith("GET") && request.contains("?uploads"), status);
    replace(0, 3);
    replace(3, 7);
    assertThat(ids(named())).containsExactly(3L, 4L, 5L, 6L);
    assertThat(s3.pendingUploads(bucket)).containsExactly(DAY + "/part-0.parquet");
    assertThat(line.refusals()).isBetween(1, 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatIsSilentAboutPendingUploadsCostsAFewSecondsOnce(boolean trickle)
      throws IOException {
    // As a server that is used in earnest is waited for.
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.s3a.bucket." + bucket + ".connection.timeout", "200000");
    AtomicLong asked = new AtomicLong();
    AtomicLong wentOn = new AtomicLong();
    line.stall(
        request -> {
          boolean listing = request.startsWith("GET") && request.contains("?uploads");
          if (listing) {
            asked.compareAndSet(0, System.nanoTime());
          } else if (asked.get() != 0) {
            wentOn.compareAndSet(0, System.nanoTime());
          }
          return listing;
        },
        trickle);
    replace(0, 3);
    int stalls = line.stalls();
    replace(3, 7);
    assertThat(ids(named())).containsExactly(3L, 4L, 5L, 6L);
    assertThat(Duration.ofNanos(wentOn.get() - asked.get())).isBetween(ONE_SECOND, TEN_SECONDS);
    assertThat(stalls).isBetween(1, 4);
    assertThat(line.stalls()).as("not asked before the second write").isEqualTo(stalls);
  }
}
