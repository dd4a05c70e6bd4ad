package dev.caravan.jobs.layer;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.jobs.sample.TestSession;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** What Spark observes is too much once it has run a stage again; that is found and mended. */
class RecordCountsTest {
  private static final AtomicBoolean LOST = new AtomicBoolean();

  private final SparkSession spark = TestSession.spark();

  /** As an executor does that dies with what it has shuffled. */
  private static long loseTheShuffle(long value) {
    if (LOST.compareAndSet(false, true)) {
      JavaConverters.seqAsJavaList(SparkEnv.get().blockManager().diskBlockManager().getAllFiles())
          .stream()
          .filter(file -> file.getName().startsWith("shuffle_"))
          .forEach(File::delete);
    }
    return value;
  }

  @Test
  void aStageThatIsRunAgainIsCountedOnce() throws IOException {
    Dataset<Row> parsed =
        spark
            .range(0, 100, 1, 2)
            .select(
                col("id"),
                lit(null).cast(DataTypes.StringType).as(ParsedEventsTransform.REASON),
                col("id").lt(90).as("inside"));
    RecordCounts counts = new RecordCounts(col("inside"));
    LOST.set(false);
    long rows =
        counts
            .observed(parsed)
            .filter("inside")
            .repartition(8, col("id"))
            .select(
                udf((UDF1<Long, Long>) RecordCountsTest::loseTheShuffle, DataTypes.LongType)
                    .asNondeterministic()
                    .apply(col("id")))
            .collectAsList()
            .size();
    assertThat(rows).isEqualTo(90);
    counts.settle();
    assertThat(counts.read()).isGreaterThan(100);
    assertThat(counts.addUp(90, 0)).isFalse();

    counts.recount(parsed);
    assertThat(counts.read()).isEqualTo(100);
    assertThat(counts.outside()).isEqualTo(10);
    assertThat(counts.addUp(90, 0)).isTrue();
    assertThat(counts.addUp(89, 0)).isFalse();
    assertThat(counts.addUp(89, 1)).isFalse();
  }
}
