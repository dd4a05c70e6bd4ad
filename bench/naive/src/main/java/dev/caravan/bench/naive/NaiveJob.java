package dev.caravan.bench.naive;

import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * One datamart as an application of its own: every table from the paths of the window's days, in
 * whatever columns Spark finds there.
 *
 * <p>Words: datamart, date, depth, events root, city dictionary, datamart root, processing time.
 */
public final class NaiveJob {
  private final SparkSession spark;
  private final LocalDate date;
  private final int depth;
  private final String src;

  private NaiveJob(SparkSession spark, LocalDate date, int depth, String src) {
    this.spark = spark;
    this.date = date;
    this.depth = depth;
    this.src = src;
  }

  public static void main(String[] words) {
    // As in every process here: the machine's own would change letters' case, in libraries, too.
    Locale.setDefault(Locale.ENGLISH);
    SparkSession spark =
        SparkSession.builder()
            .appName("naive " + words[0])
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();
    try {
      NaiveJob job =
          new NaiveJob(spark, LocalDate.parse(words[1]), Integer.parseInt(words[2]), words[3]);
      job.view("message");
      job.view("reaction");
      job.view("subscription");
      spark.read().parquet(words[4]).createOrReplaceTempView("city");
      rows(spark, words[0], words[6])
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(words[5] + "/" + words[0] + "/date=" + words[1]);
    } finally {
      spark.stop();
    }
  }

  private void view(String type) {
    String[] days =
        IntStream.range(0, depth)
            .mapToObj(back -> src + "/event_type=" + type + "/date=" + date.minusDays(back))
            .toArray(String[]::new);
    spark.read().parquet(days).createOrReplaceTempView("raw_" + type);
  }

  private static Dataset<Row> rows(SparkSession spark, String datamart, String processedAt) {
    NaiveDatamarts naive = new NaiveDatamarts(spark);
    return switch (datamart) {
      case "users-demographic-dm" -> naive.usersDemographic();
      case "events-total-cnt-agg-wk-mnth-dm" -> naive.eventsTotal();
      case "add-to-friends-recommendations-dm" -> naive.recommendations(processedAt);
      default -> throw new IllegalArgumentException("there is no datamart " + datamart);
    };
  }
}
